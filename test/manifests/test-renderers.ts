import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { openRenderers, type RenderingOptions } from '../../src/manifests/open-renderers.ts';
import { findProgram } from '../../src/manifests/rendering/find-program.ts';
import { binDirectory } from '../e2e/testbed/programs.mjs';

/** Where the testbed is installed. */
export const TESTBED = dirname(binDirectory);

/** The PATH with the programs that the testbed installs behind it. */
export const PROGRAMS = `${process.env.PATH ?? ''}${delimiter}${binDirectory}`;

export const hasKubectl = findProgram('kubectl', PROGRAMS) !== undefined;
export const hasHelm = findProgram('helm', PROGRAMS) !== undefined;

/** Goes into the names of tests, so that a run without the program says why they were skipped. */
export const whyNoKubectl = hasKubectl ? '' : ' (skipped: kubectl is not installed)';
export const whyNoHelm = hasHelm ? '' : ' (skipped: no helm on PATH or in the testbed)';

/** Real renderers in a folder of their own, removed with the end of the test file. */
export function testRenderers(options: Partial<RenderingOptions> = {}) {
  const parent = mkdtempSync(join(tmpdir(), 'renderers-'));
  afterAll(() => rmSync(parent, { recursive: true, force: true }));
  return openRenderers({ path: PROGRAMS, parent, elapsed: () => 0, ...options });
}
