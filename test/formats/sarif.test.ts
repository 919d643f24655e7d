import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeSarif } from '../../src/formats/sarif.ts';
import type { Context } from '../../src/report/context.ts';
import { makeInspection } from '../report/make-inspection.ts';
import { contextOf, FULL, hostileInspection, hostileText, mixedInspection } from './scenes.ts';

interface Result {
  readonly ruleId: string;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly [
    {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string };
        readonly region: { readonly startLine: number };
      };
      readonly logicalLocations: readonly [{ readonly fullyQualifiedName: string }];
    },
  ];
  readonly partialFingerprints: { readonly primaryLocationLineHash: string };
}

interface Run {
  readonly results: readonly Result[];
  readonly automationDetails: { readonly id: string };
  readonly properties: { readonly leftOut: number; readonly ignored: readonly object[] };
}

// The schema is of draft 4, of which only the names of these two keywords differ from what ajv reads.
const {
  $schema: _,
  id: __,
  ...schema
} = JSON.parse(readFileSync(new URL('schemas/sarif-schema-2.1.0.json', import.meta.url), 'utf8'));
const ajv = new Ajv({ strict: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);

function runOf(context: Context): Run {
  const log = JSON.parse(writeSarif(context));
  validate(log);
  expect(validate.errors ?? []).toEqual([]);
  return log.runs[0];
}

const nameOf = (result: Result) => `${result.locations[0].logicalLocations[0].fullyQualifiedName} ${result.ruleId}`;
const placeOf = ({ locations: [{ physicalLocation: place }] }: Result) =>
  `${place.artifactLocation.uri}:${place.region.startLine}`;

test('has a result for each check that is red or yellow, errors first, and none for what is ignored', () => {
  const { results, properties } = runOf(contextOf(mixedInspection()));
  expect(results.map((result) => `${result.level} ${nameOf(result)}`)).toMatchInlineSnapshot(`
    [
      "error shop/Deployment/cart/app memory/usage",
      "error shop/Deployment/cart/app memory/sizing",
      "error shop/Deployment/search/app memory/trend",
      "warning shop/Deployment/web/app memory/usage",
    ]
  `);
  expect(properties.ignored).toEqual([
    {
      container: 'pay/Deployment/cache/app',
      rules: ['memory/usage', 'memory/sizing'],
      reason: 'fills its cache on purpose',
      until: '2027-03-31',
    },
  ]);
});

test('stands on the line of the manifest, or on the index of the reports where that is not known', () => {
  const { results } = runOf(contextOf(mixedInspection(), { clusterName: 'prod' }));
  const places = new Map(results.map((result) => [nameOf(result), placeOf(result)]));
  expect(places.get('shop/Deployment/cart/app memory/usage')).toBe('deploy/cart.yaml:12');
  expect(places.get('shop/Deployment/search/app memory/trend')).toBe('reports/memory/prod/README.md:1');
});

test('stands on the only file that was looked at, where nothing in it could be changed', () => {
  const place = (lookedAt: readonly string[]) => {
    const context = contextOf(mixedInspection());
    const locations = new Map(
      [...context.locations].map(([key, { suggestion }]) => {
        const location = {
          state: 'not located',
          suggestion,
          reason: 'template',
          why: '',
          lookedAt,
          snippet: '',
        } as const;
        return [key, location] as const;
      }),
    );
    const [first] = runOf({ ...context, locations }).results;
    return first && placeOf(first);
  };
  expect(place(['chart/templates/ca rt.yaml'])).toBe('chart/templates/ca%20rt.yaml:1');
  expect(place(['a.yaml', 'b.yaml'])).toBe('reports/memory/README.md:1');
});

test('says what is wrong and what is suggested in the words of the report', () => {
  const { results } = runOf(contextOf(mixedInspection()));
  expect(results[0]?.message.text).toMatchInlineSnapshot(
    `"shop/cart uses 505Mi of 512Mi (98.6 %) and is close to its limit: a little more gets it OOM-killed. Suggested: limit 512Mi → 640Mi."`,
  );
});

test('has the same fingerprints whatever the numbers are, and others in another cluster', () => {
  const prints = (used: number, clusterName?: string) =>
    runOf(
      contextOf(makeInspection([{ namespace: 'shop', name: 'cart', pods: { p: [{ ...FULL, used }] } }]), {
        clusterName,
      }),
    ).results.map((result) => `${result.ruleId} ${result.partialFingerprints.primaryLocationLineHash}`);
  expect(prints(500)).toEqual(prints(510));
  expect(prints(500, 'prod')).not.toEqual(prints(500));
  expect(new Set(prints(500)).size).toBe(prints(500).length);
});

test('belongs to a category of its cluster', () => {
  expect(runOf(contextOf(mixedInspection(), { clusterName: 'prod' })).automationDetails.id).toBe(
    'memory-inspection/prod/',
  );
  expect(runOf(contextOf(mixedInspection())).automationDetails.id).toBe('memory-inspection/');
});

test('keeps the limits of code scanning, the most urgent first', () => {
  const mixed = contextOf(mixedInspection());
  const views = Array.from({ length: 4000 }, (_, index) =>
    mixed.views.map((view) => ({ ...view, key: `${view.key}${index}` })),
  ).flat();
  const context = { ...mixed, views };
  const text = writeSarif(context);
  const { results, properties } = JSON.parse(text).runs[0] as Run;
  expect(gzipSync(text).length).toBeLessThan(10_000_000);
  expect(results.length).toBeLessThanOrEqual(25_000);
  expect(results.length).toBeGreaterThan(5000);
  expect(properties.leftOut).toBeGreaterThan(0);
  expect(new Set(results.slice(0, 5000).map(({ level }) => level))).toEqual(new Set(['error']));
});

test('is valid, and holds no link, whatever a cluster or a person writes', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const { results } = runOf(contextOf(hostileInspection(text), { clusterName: text }));
      for (const { message } of results) expect(message.text).not.toMatch(/(?<!\\)\[/);
    }),
    { numRuns: 40 },
  );
});
