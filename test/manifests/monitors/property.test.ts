import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { setAt } from '../../../src/manifests/check-edit.ts';
import { parseManifest } from '../../../src/manifests/documents.ts';
import { applied, brokenOf, changeFix, openLocating } from './scene.ts';

const locate = openLocating();

const word = fc.constantFrom('api', 'web', 'on', 'true', '123', '1e3', 'null', 'a.b-c', '0x1f', 'shop');
const labels = fc.dictionary(fc.constantFrom('app', 'on', 'tier', 'app.kubernetes.io/name', '1'), word, { minKeys: 1 });
const style = fc.record({
  collectionStyle: fc.constantFrom('block' as const, 'flow' as const, 'any' as const),
  defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const),
  indent: fc.constantFrom(2, 4),
  indentSeq: fc.boolean(),
});
const change = fc.oneof(
  fc.record({ field: fc.constant('port' as const), endpoint: fc.constant(0), from: fc.constant('web'), to: word }),
  fc.record({
    field: fc.constant('path' as const),
    endpoint: fc.constant(0),
    from: fc.constant('/metrics'),
    to: fc.constantFrom('/actuator/prometheus', '/a-b/~c', '/x?y=1&z=%20,a:b'),
  }),
  fc.record({ field: fc.constantFrom('selector' as const, 'labels' as const), set: labels }),
);

test('whatever the style, an edit sets the values and nothing else, and keeps comments and line ends', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ style, change, selects: labels, json: fc.boolean(), crlf: fc.boolean(), path: fc.boolean() }),
      async ({ style, change, selects, json, crlf, path }) => {
        const monitor = {
          apiVersion: 'monitoring.coreos.com/v1',
          kind: 'ServiceMonitor',
          metadata: { name: 'api', namespace: 'shop' },
          spec: {
            selector: { matchLabels: selects },
            endpoints: [{ port: 'web', ...(path ? { path: '/metrics' } : {}), interval: '15s' }, { port: 'other' }],
          },
        };
        const body = json ? `${JSON.stringify(monitor, null, 2)}\n` : `# by hand\n${stringify(monitor, style)}# end\n`;
        const text = crlf ? body.replaceAll('\n', '\r\n') : body;
        const [found] = await locate({ 'm.yaml': text }, [brokenOf(changeFix(change))]);
        if (found?.state !== 'located') {
          expect(found?.why).toMatch(/already has|no name that can be asked for/);
          return;
        }
        const after = applied({ 'm.yaml': text }, [found])['m.yaml'] ?? '';
        const parsed = parseManifest(after);
        const expected = structuredClone(monitor) as never;
        if ('to' in change) setAt(expected, ['spec', 'endpoints', 0, change.field], change.to);
        else {
          const at = change.field === 'labels' ? ['metadata', 'labels'] : ['spec', 'selector', 'matchLabels'];
          for (const [key, value] of Object.entries(change.set)) setAt(expected, [...at, key], value);
        }
        expect('values' in parsed && parsed.values[0]).toEqual(expected);
        expect(after.includes('\r\n')).toBe(crlf);
        expect(after.replaceAll('\r\n', '').includes('\n')).toBe(!crlf);
        if (!json) expect(after.match(/^# .*/gm)).toHaveLength(2);
      },
    ),
    { numRuns: 300 },
  );
});
