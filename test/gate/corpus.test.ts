import { describe, expect, test } from 'vitest';
import { goldenIn } from '../golden.ts';
import { hasHelm, hasKubectl, whyNoHelm, whyNoKubectl } from '../manifests/test-renderers.ts';
import type { Cases, GateCase } from './cases/case.ts';
import { ends } from './cases/ends.ts';
import { limits, what } from './cases/limits.ts';
import { objects } from './cases/objects.ts';
import { pods } from './cases/pods.ts';
import { scope } from './cases/scope.ts';
import { helm, kustomize } from './cases/ways.ts';
import { openPullRequest, type Seen } from './pull-request.ts';
import { placeOf, tell } from './tell.ts';

const golden = goldenIn(import.meta.url);

async function play({ run, cluster, ...branches }: GateCase): Promise<Seen> {
  const pull = await openPullRequest(branches);
  try {
    return await pull.run({ cluster, ...run });
  } finally {
    await pull.close();
  }
}

function suite(name: string, cases: Cases, hasProgram = true): void {
  describe.skipIf(!hasProgram)(name, () => {
    test.each(Object.entries(cases))('%s', async (title, one) => {
      const seen = await play(one);
      const { outcome = 'ok', verdict, notes = [], comment } = one;
      expect.soft(seen.outputs, tell(seen)).toMatchObject({ outcome, 'gate-verdict': verdict });
      const fails = outcome !== 'ok' && one.run?.inputs?.['allow-incomplete'] !== 'true';
      expect.soft(seen.sentence !== undefined).toBe(fails);
      expect.soft(seen.annotations.map(placeOf)).toEqual(notes);
      expect.soft(seen.comments.length).toBe(comment ? 1 : 0);
      golden(`${title.replace(/[^a-z0-9]+/gi, '-')}.md`, tell(seen));
    });
  });
}

suite('limits and requests', limits);
suite('what changes', what);
suite('whom it is about', scope);
suite('pods', pods);
suite(`kustomize${whyNoKubectl}`, kustomize, hasKubectl);
suite(`helm${whyNoHelm}`, helm, hasHelm && hasKubectl);
suite(`objects of Argo CD and Flux${whyNoHelm}`, objects, hasHelm && hasKubectl);
suite('ends', ends);
