import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { indexManifests } from '../src/manifests/index-manifests.ts';
import { locate } from '../src/manifests/locate.ts';
import { openRenderers } from '../src/manifests/open-renderers.ts';
import { openTree } from '../src/manifests/ways.ts';
import { withPrograms } from '../test/e2e/testbed/programs.mjs';
import { makeRepository, runOnRepository } from '../test/hostile/run-on-repository.ts';
import {
  filesOf,
  largeRepository,
  plainRepository,
  releases,
  renderedRepository,
  reportsOf,
  subject,
} from './repository.mjs';

/** Scans 5,000 manifests and locates a hundred suggestions in them. @param {(line: string) => void} log */
export async function benchPlain(log) {
  const files = filesOf(plainRepository(5000));
  const subjects = Array.from({ length: 100 }, (_, number) => subject('bench', `app-${number * 37}`));
  const start = performance.now();
  const index = await indexManifests(files, []);
  const scanned = performance.now();
  const locations = await locate(suggestionsOf(subjects), openTree({ index, files, workloads: workloadsOf(subjects) }));
  const located = performance.now();
  log(`5000 files: scanned in ${inSeconds(start, scanned)}, ${said(locations)} in ${inSeconds(scanned, located)}`);
}

/** Locates twenty suggestions in a repository of 50 Kustomize roots and 50 Helm releases. @param {(line: string) => void} log */
export async function benchRendered(log) {
  const files = filesOf(renderedRepository());
  const numbers = Array.from({ length: 10 }, (_, number) => number);
  const subjects = numbers.flatMap((number) => [subject('rel', `app-${number}`), subject('rel', `shop-${number}`)]);
  const elapsed = () => performance.now() / 1000;
  const renderers = openRenderers({ path: withPrograms().PATH ?? '', parent: tmpdir(), elapsed });
  const { helm, kustomize, scratch, budget } = renderers;
  try {
    const start = performance.now();
    const index = await indexManifests(files, []);
    const workloads = workloadsOf(subjects);
    const tree = openTree({ index, files, workloads, kustomize, helm: { helm, scratch }, helmReleases: releases() });
    const locations = await locate(suggestionsOf(subjects), tree);
    const took = inSeconds(start, performance.now());
    log(`50 roots and 50 releases: ${said(locations)} in ${took}, ${budget.renders} renders`);
  } finally {
    renderers.close();
  }
}

/**
 * The whole action on a large repository: 30,000 files, 600 Kustomize roots, 12 suggestions; then what two years of its own
 * reports add. @param {(line: string) => void} log
 */
export async function benchLarge(log) {
  const live = Array.from({ length: 12 }, (_, number) => ({ namespace: 'shop-rel', name: `app-${number * 7}` }));
  const manifests = [...largeRepository(30_000)];
  const some = manifests.slice(0, 3000);
  const large = await runIn([...manifests], live);
  log(`30000 files, 600 roots: ${large.located} in ${large.seconds.toFixed(1)} s, peak ${(large.peak / 1e6) | 0} MB`);
  const [plain, reported] = [
    await runIn([...some, ...reportsOf(1, 960)], live),
    await runIn([...some, ...reportsOf(730, 960)], live),
  ];
  const ratios = [reported.seconds / plain.seconds, reported.peak / plain.peak].map((ratio) => ratio.toFixed(2));
  log(`730 days of reports of 960 containers against one: ${ratios[0]} x the time, ${ratios[1]} x the memory`);
}

/** @param {[string, string][]} files @param {any[]} live */
async function runIn(files, live) {
  const root = makeRepository(files, live);
  try {
    const env = { PATH: withPrograms().PATH ?? '' };
    const { seconds, peak, log } = await runOnRepository(root, { env });
    return { seconds, peak, located: /Manifests: (.*)/.exec(log)?.[1] ?? log.slice(-500) };
  } finally {
    rmSync(root, { recursive: true, force: true });
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
