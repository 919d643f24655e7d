import { expect, test } from 'vitest';
import { packageFolders, restrictBill } from '../../scripts/release/bill.mjs';

test('reads from a source map which of the installed packages are inside', () => {
  const sources = [
    '../webpack://name/src/main.ts',
    '../webpack://name/node_modules/@actions/core/lib/core.js',
    '../webpack://name/node_modules/@actions/core/lib/command.js',
    '../webpack://name/node_modules/@actions/core/node_modules/undici/index.js',
    '../node_modules/zod/index.js',
  ];
  expect(packageFolders(sources)).toEqual([
    'node_modules/@actions/core/',
    'node_modules/@actions/core/node_modules/undici/',
    'node_modules/zod/',
  ]);
});

const component = (name: string, version: string) => ({
  'bom-ref': `${name}@${version}`,
  name,
  version,
  properties: [{ name: 'cdx:npm:package:development' }],
});
const bill = {
  metadata: { component: component('folder', '1.0.0') },
  components: [
    component('zod', '4.0.0'),
    component('undici', '6.0.0'),
    component('undici', '7.0.0'),
    component('vitest', '4.0.0'),
  ],
  dependencies: [
    { ref: 'folder@1.0.0', dependsOn: ['zod@4.0.0', 'vitest@4.0.0', 'undici@7.0.0'] },
    { ref: 'vitest@4.0.0', dependsOn: ['undici@6.0.0'] },
    { ref: 'zod@4.0.0' },
  ],
};

test('lists of all packages those that are inside, in their versions', () => {
  const restricted = restrictBill(bill, new Set(['zod@4.0.0', 'undici@7.0.0']), 'inspector');
  expect(restricted.metadata.component.name).toBe('inspector');
  expect(restricted.components).toEqual([
    { ...component('zod', '4.0.0'), scope: 'required', properties: [] },
    { ...component('undici', '7.0.0'), scope: 'required', properties: [] },
  ]);
  expect(restricted.dependencies).toEqual([
    { ref: 'folder@1.0.0', dependsOn: ['zod@4.0.0', 'undici@7.0.0'] },
    { ref: 'zod@4.0.0', dependsOn: [] },
  ]);
});

test('refuses a bill that lacks what is inside', () => {
  expect(() => restrictBill(bill, new Set(['yaml@2.0.0']), 'inspector')).toThrow(/lacks yaml@2.0.0/);
});
