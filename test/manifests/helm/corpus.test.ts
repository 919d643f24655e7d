import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasHelm, testRenderers, whyNoHelm } from '../test-renderers.ts';
import { CORPUS, diffOf, locateCase, readCase, readRepository } from './read-case.ts';

const renderers = testRenderers();

describe.skipIf(!hasHelm)(`the Helm corpus${whyNoHelm}`, () => {
  for (const name of readdirSync(CORPUS).sort()) {
    const one = readCase(name);

    test(`${name}: ${one.reason ?? 'edited'}`, async () => {
      const files = readRepository(name);
      const location = await locateCase(one, files, renderers);
      if (one.reason !== undefined) {
        expect(location).toMatchObject({ state: 'not located', reason: one.reason });
        expect(location?.state === 'not located' ? location.why : '').toBe(one.why);
        return;
      }
      if (location?.state !== 'located') throw new Error(`not located: ${JSON.stringify(location)}`);
      expect(location.proof.kind).toBe(one.unproved ? 'not proved' : 'helm');
      const rendered = `${location.proof.how}\n${location.proof.renderDiff ?? ''}`;
      await expect(await diffOf(location, files)).toMatchFileSnapshot(join(CORPUS, name, 'change.diff'));
      await expect(rendered).toMatchFileSnapshot(join(CORPUS, name, 'proof.txt'));
    });
  }
});
