import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateInHelm } from '../src/manifests/helm/locate-helm.ts';
import { createHelm } from '../src/manifests/helm/run-helm.ts';
import { indexManifests } from '../src/manifests/index-manifests.ts';
import { createKustomize } from '../src/manifests/kustomize/render.ts';
import { locate } from '../src/manifests/locate.ts';
import { withPrograms } from '../test/e2e/testbed/programs.mjs';
import { filesOf, plainRepository, releases, renderedRepository, subject } from './repository.mjs';

/** Scans 5,000 manifests and locates a hundred suggestions in them. @param {(line: string) => void} log */
export async function benchPlain(log) {
  const files = filesOf(plainRepository(5000));
  const subjects = Array.from({ length: 100 }, (_, number) => subject('bench', `app-${number * 37}`));
  const start = performance.now();
  const index = await indexManifests(files, []);
  const scanned = performance.now();
  const locations = await locate(suggestionsOf(subjects), { index, files, workloads: workloadsOf(subjects) });
  const located = performance.now();
  log(`5000 files: scanned in ${inSeconds(start, scanned)}, ${said(locations)} in ${inSeconds(scanned, located)}`);
}

/** Locates twenty suggestions in a repository of 50 Kustomize roots and 50 Helm releases. @param {(line: string) => void} log */
export async function benchRendered(log) {
  const files = filesOf(renderedRepository());
  const numbers = Array.from({ length: 10 }, (_, number) => number);
  const subjects = numbers.flatMap((number) => [subject('rel', `app-${number}`), subject('rel', `shop-${number}`)]);
  const scratch = mkdtempSync(join(tmpdir(), 'bench-rendered-'));
  const env = withPrograms();
  let renders = 0;
  /** @template {object} Renderer @param {Renderer} renderer @param {keyof Renderer} name @returns {Renderer} */
  const counted = (renderer, name) => ({
    ...renderer,
    [name]: (/** @type {any[]} */ ...asked) => {
      renders += 1;
      return /** @type {any} */ (renderer[name])(...asked);
    },
  });
  try {
    const start = performance.now();
    const index = await indexManifests(files, []);
    const workloads = workloadsOf(subjects);
    const helm = counted(createHelm({ env }), 'template');
    const kustomize = counted(createKustomize({ scratch, path: env.PATH ?? '' }), 'render');
    const inHelm = await locateInHelm(suggestionsOf(subjects), {
      ...{ index, files, workloads, scratch, helm },
      helmReleases: releases(),
      unproved: false,
    });
    const locations = await locate(suggestionsOf(subjects), {
      ...{ index, files, workloads, kustomize },
      helm: async (/** @type {any} */ suggestion) => inHelm.get(suggestion),
    });
    const took = inSeconds(start, performance.now());
    log(`50 roots and 50 releases: ${said(locations)} in ${took}, ${renders} renders`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {any[]} subjects */
const suggestionsOf = (subjects) => subjects.map(({ suggestion }) => suggestion);

/** @param {any[]} subjects */
const workloadsOf = (subjects) => subjects.map(({ workload }) => workload);

/** @param {readonly any[]} locations */
function said(locations) {
  return `${locations.filter(({ state }) => state === 'located').length} of ${locations.length} suggestions located`;
}

/** @param {number} from @param {number} to */
function inSeconds(from, to) {
  return `${((to - from) / 1000).toFixed(2)} s`;
}
