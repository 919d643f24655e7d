import fc from 'fast-check';
import { mebibytes } from '../../src/bytes.ts';
import type { Inspection } from '../../src/model/inspection.ts';
import type { Location } from '../../src/model/location.ts';
import { type Context, prepareContext } from '../../src/report/context.ts';
import type { ReportInput } from '../../src/report/input.ts';
import { type ContainerSpec, healthy, makeInput, makeInspection, ramp, setting } from '../report/make-inspection.ts';

/** Red by usage, and by other checks. */
export const FULL: ContainerSpec = { name: 'app', used: 505, limit: 512, request: 256 };
/** Over the yellow line. */
export const TIGHT: ContainerSpec = { name: 'app', used: 400, limit: 512, request: 384 };
export const LEAK: ContainerSpec = { name: 'app', used: 300, limit: 1024, request: 256, averages: ramp(150, 300) };
const UNKNOWN: ContainerSpec = { name: 'app', limit: 512, request: 256 };
const IGNORED: ContainerSpec = { ...FULL, ignored: { reason: 'fills its cache on purpose', until: '2027-03-31' } };

/** One of each: red, a leak, yellow, unknown, ignored and green, in two namespaces. */
export function mixedInspection(): Inspection {
  return makeInspection(
    [
      { namespace: 'shop', name: 'cart', pods: { 'cart-1': [FULL] } },
      { namespace: 'shop', name: 'search', pods: { 'search-1': [LEAK] } },
      { namespace: 'shop', name: 'web', pods: { 'web-1': [TIGHT] } },
      { namespace: 'pay', name: 'ledger', pods: { 'ledger-1': [UNKNOWN] } },
      { namespace: 'pay', name: 'cache', pods: { 'cache-1': [IGNORED] } },
      { namespace: 'pay', name: 'api', pods: { 'api-1': [healthy('app')] } },
    ],
    {
      suggestions: {
        'shop/Deployment/cart/app': { limit: { from: setting(512), to: mebibytes(640), why: 'peak and a quarter' } },
      },
    },
  );
}

/** The inspection as formats take it; every suggestion is on line 12 of `deploy/WORKLOAD.yaml`. */
export function contextOf(inspection: Inspection, overrides: Partial<ReportInput> = {}): Context {
  const locations = inspection.workloads.flatMap(({ containers }) =>
    containers.flatMap(({ suggestion }): Location[] => {
      if (suggestion === undefined) return [];
      const path = `deploy/${suggestion.workload.name}.yaml`;
      const proof = { kind: 'parsed', how: 'Parsed again.' } as const;
      return [{ state: 'located', suggestion, path, line: 12, edits: [], newFiles: [], proof }];
    }),
  );
  return prepareContext(makeInput(inspection, { locations, ...overrides }));
}

/** Text that would break out of JSON, XML, Markdown, Slack's markup or a workflow command, or any other. */
export const hostileText = fc.oneof(
  fc.constantFrom(
    ']]><x a="b">&lt;&#0;',
    '<!channel> <@U012AB3CD> <!here|x> @here @channel',
    '[text](https://example.invalid) *b* _i_ ~s~ `c`',
    '\u0000\u001b[31m\ufffe\uffff\ud800\u202e',
    'a\r\n::error::b',
    '<https://example.invalid|click>',
    '',
    'x'.repeat(4000),
    '🔥'.repeat(2000),
    '&'.repeat(3000),
    ':tada: #general',
  ),
  fc.string({ unit: 'binary', maxLength: 400 }),
);

/** An inspection with so many workloads in which every name is that text, or begins with it. */
export function hostileInspection(text: string, workloads = 3): Inspection {
  const names = Array.from({ length: workloads }, (_, index) => `${text}${index}`);
  return makeInspection(
    [
      ...names.map((name) => ({ namespace: text, name, kind: text, pods: { [name]: [{ ...FULL, name: text }] } })),
      { namespace: text, name: `${text}-i`, pods: { p: [{ ...FULL, ignored: { reason: text, until: text } }] } },
      { namespace: `${text}-u`, name: text, pods: { p: [UNKNOWN] } },
    ],
    {
      suggestions: {
        [`${text}/${text}/${text}0/${text}`]: { limit: { from: setting(512), to: mebibytes(640), why: text } },
      },
      notes: [{ kind: 'incomplete', text }],
    },
  );
}
