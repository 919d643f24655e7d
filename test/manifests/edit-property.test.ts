import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { indexManifests } from '../../src/manifests/index-manifests.ts';
import { locate } from '../../src/manifests/locate.ts';
import { openTree } from '../../src/manifests/ways.ts';
import { editFile, filesOf, NACOS, suggestion, workload } from './fixtures.ts';

interface Container {
  name: string;
  resources?: Partial<Record<'limits' | 'requests', Record<string, string>>>;
  [key: string]: unknown;
}

const section = fc.record(
  { cpu: fc.constantFrom('500m', '1'), memory: fc.constantFrom('2Gi', '2000Mi', '2147483648', '1500M') },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, string>>;
const other = fc.record(
  {
    image: fc.constantFrom('nacos:1', 'x'),
    command: fc.constantFrom(['sh', '-c', 'echo a\nexec run\n'], ['run # not a comment', '{{ no template }}']),
    ports: fc.constant([{ containerPort: 8848, name: 'http' }]),
    env: fc.constantFrom([], [{ name: 'A', value: 'x: y' }]),
  },
  { requiredKeys: ['image'] },
);
const resources = fc.record({ limits: section, requests: section }, { requiredKeys: [] });
const containers = fc
  .array(fc.tuple(other, fc.option(resources, { nil: undefined }), fc.boolean()), { minLength: 1, maxLength: 3 })
  .map((parts) =>
    parts.map(([rest, set, first], index): Container => {
      const name = { name: `c${index}` };
      const own = set === undefined ? {} : { resources: set };
      return first ? { ...own, ...name, ...rest } : { ...name, ...rest, ...own };
    }),
  );
type Layout = typeof layout extends fc.Arbitrary<infer L> ? L : never;
const layout = fc.record({
  indent: fc.constantFrom(2, 4),
  indentSeq: fc.boolean(),
  flow: fc.constantFrom('no', 'all', 'json'),
  quote: fc.constantFrom('PLAIN' as const, 'QUOTE_SINGLE' as const, 'QUOTE_DOUBLE' as const),
  crlf: fc.boolean(),
  bom: fc.boolean(),
  comments: fc.boolean(),
  finalNewline: fc.boolean(),
  before: fc.constantFrom('', '---\n', 'kind: ConfigMap\n---\n', '# head\n---\n---\n'),
});

function object(list: readonly Container[]) {
  const metadata = { name: NACOS.name, namespace: NACOS.namespace };
  return { apiVersion: 'apps/v1', kind: NACOS.kind, metadata, spec: { template: { spec: { containers: list } } } };
}

function write(list: readonly Container[], how: Layout): string {
  const value = object(list);
  let text: string;
  if (how.flow === 'json') text = `${JSON.stringify(value, null, how.indent)}\n`;
  else {
    text = stringify(value, {
      indent: how.indent,
      indentSeq: how.indentSeq,
      collectionStyle: how.flow === 'all' ? 'flow' : 'any',
      defaultStringType: how.quote,
      defaultKeyType: 'PLAIN',
      blockQuote: 'literal',
    });
    if (how.comments && how.flow === 'no')
      text = text.replace(/^( *)(memory|image|resources):(.*)$/gm, '$1$2:$3 # why');
    text = `${how.before}${text}`;
  }
  if (!how.finalNewline) text = text.trimEnd();
  if (how.crlf) text = text.replace(/\n/g, '\r\n');
  return how.bom ? `\uFEFF${text}` : text;
}

test('an edit changes the values meant, and no other line or value', async () => {
  const to = { limit: '4608Mi', request: '3Gi' };
  await fc.assert(
    fc.asyncProperty(
      containers,
      layout,
      fc.nat(2),
      fc.constantFrom('limit', 'request', 'both'),
      async (list, how, pick, what) => {
        const chosen = list[pick % list.length];
        if (!chosen) return;
        const before = write(list, how);
        const wanted = what === 'limit' ? { limit: to.limit } : what === 'request' ? { request: '1Gi' } : to;
        const values = chosen.resources ?? {};
        const live = {
          name: chosen.name,
          limit: values.limits?.memory ?? null,
          request: values.requests?.memory ?? null,
        };
        const files = filesOf({ 'nacos.yaml': before });
        const index = await indexManifests(files, []);
        const workloads = [workload(NACOS, [live])];
        const [location] = await locate(
          [suggestion(NACOS, chosen.name, wanted)],
          openTree({ index, files, workloads }),
        );
        if (location?.state !== 'located') throw new Error(`${location?.reason}: ${location?.why}\n${before}`);
        const after = editFile('nacos.yaml', before, location.edits);

        const expected = structuredClone(parseAllDocuments(before).map((document) => document.toJS())) as never[];
        const root = expected.at(-1) as ReturnType<typeof object> | undefined;
        const target = root?.spec.template.spec.containers[pick % list.length];
        if (!target) throw new Error('no target');
        const found = parseAllDocuments(after).map((document) => document.toJS()) as never[];
        const changed = (found.at(-1) as unknown as typeof root)?.spec.template.spec.containers[pick % list.length];
        target.resources ??= {};
        for (const [key, size] of [['limits', wanted.limit] as const, ['requests', wanted.request] as const]) {
          if (size === undefined) continue;
          const memory = changed?.resources?.[key]?.memory ?? '';
          expect(sizeOf(memory)).toBe(sizeOf(size));
          target.resources[key] = { ...target.resources[key], memory };
        }
        expect(found).toEqual(expected);
        expect(linesLost(before, after)).toBeLessThanOrEqual(2);
        expect(/[^\r]\n/.test(after)).toBe(/[^\r]\n/.test(before));
        expect(after.endsWith('\n')).toBe(before.endsWith('\n'));
      },
    ),
    { numRuns: 200 },
  );
});

function sizeOf(quantity: string | number): number {
  const [, digits, unit] = /^(\d+)(\D*)$/.exec(String(quantity)) ?? [];
  const factors: Record<string, number> = { '': 1, M: 1e6, Mi: 1024 ** 2, Gi: 1024 ** 3, k: 1e3, Ki: 1024, G: 1e9 };
  return Number(digits) * (factors[unit ?? ''] ?? Number.NaN);
}

/** How many lines of the text before are not, in order, lines of the text after (longest common subsequence). */
function linesLost(before: string, after: string): number {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let row = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const next = [0];
    b.forEach((other, index) => {
      const grown = (row[index] ?? 0) + 1;
      next.push(line === other ? grown : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    });
    row = next;
  }
  return a.length - (row.at(-1) ?? 0);
}
