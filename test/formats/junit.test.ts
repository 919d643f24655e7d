import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeJunit } from '../../src/formats/junit.ts';
import { goldenIn } from '../golden.ts';
import { contextOf, hostileInspection, hostileText, mixedInspection } from './scenes.ts';

const expectGolden = goldenIn(import.meta.url);

describe('JUnit', () => {
  it('has a suite a namespace and a case a container, red failed, unknown and ignored skipped', () => {
    expectGolden('mixed.junit.xml', writeJunit(contextOf(mixedInspection(), { clusterName: 'prod' })));
  });

  it('fails for yellow only where the job does', () => {
    const failures = (failOn: 'red' | 'yellow' | 'never') =>
      /<testsuites [^>]* failures="(\d+)"/.exec(writeJunit(contextOf(mixedInspection(), { failOn })))?.[1];
    expect([failures('red'), failures('yellow'), failures('never')]).toEqual(['2', '3', '2']);
  });

  it('holds only characters that XML allows, whatever a cluster or a person writes', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const xml = writeJunit(contextOf(hostileInspection(text), { clusterName: text }));
        expect(xml).toMatch(/^[\n\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u);
        expect(xml).not.toMatch(/&(?!(?:amp|lt|gt|quot|apos);)/);
      }),
      { numRuns: 40 },
    );
  });
});

describe.skipIf(spawnSync('xmllint', ['--version']).error !== undefined)('JUnit, for xmllint', () => {
  const schema = fileURLToPath(new URL('schemas/junit-10.xsd', import.meta.url));
  const lint = (xml: string) =>
    execFileSync('xmllint', ['--noout', '--schema', schema, '-'], { input: xml, stdio: 'pipe' });

  it('fits the schema of Jenkins', () => {
    lint(writeJunit(contextOf(mixedInspection(), { clusterName: 'prod' })));
  });

  it('fits it, whatever a cluster or a person writes', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        lint(writeJunit(contextOf(hostileInspection(text), { clusterName: text })));
      }),
      { numRuns: 30 },
    );
  });
});
