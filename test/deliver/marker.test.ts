import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Marker, readMarker, replaceMarker, writeMarker } from '../../src/deliver/marker.ts';

const markers: fc.Arbitrary<Marker> = fc.record({
  base: fc.string(),
  fingerprint: fc.string(),
  changes: fc.array(fc.tuple(fc.string(), fc.constantFrom('limit' as const, 'request' as const), fc.maxSafeNat())),
  paths: fc.array(fc.string()),
});

test('a marker comes back out of any body, and nothing in it ends the comment', () => {
  fc.assert(
    fc.property(markers, fc.string(), (marker, text) => {
      const hidden = writeMarker(marker);
      expect(hidden.slice(4, -3)).not.toMatch(/--|>/);
      expect(readMarker(`${text}\n\n${hidden}`)).toEqual(marker);
      expect(readMarker(replaceMarker(`${text}\n\n${hidden}`, { ...marker, closedByRun: true }))).toEqual({
        ...marker,
        closedByRun: true,
      });
    }),
  );
});

test.each([
  '',
  'no marker',
  '<!-- kubernetes-memory-inspector:v1 AAAA -->',
  '<!-- kubernetes-memory-inspector:v1 q1YqAgA -->',
])('%j holds no marker', (body) => {
  expect(readMarker(body)).toBeUndefined();
});
