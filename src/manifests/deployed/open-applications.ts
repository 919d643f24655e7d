import type { RepositoryFiles } from '../../model/repository-files.ts';
import { isParsed, type Json, parseManifest } from '../documents.ts';
import { createEffort, withinEffort } from '../effort.ts';
import { openApplyingCharts } from '../helm/applying-charts.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import { readAltered } from '../kustomize/altered-objects.ts';
import { findRoots, type Root } from '../kustomize/find-roots.ts';
import { openRoots } from '../kustomize/roots.ts';
import { decode, refuseUnread } from '../readable.ts';
import { remember } from '../remember.ts';
import type { Applications, TreeContext } from '../way.ts';
import { type Claims, NOTHING_SAID, readClaims } from './claims.ts';
import { type Deployed, UNKNOWN } from './deployed.ts';
import { readDeployed } from './read-deployed.ts';

/** Opens the list of applications; it is read once, when first asked for. */
export function openApplications(context: TreeContext): () => Promise<Applications> {
  const readOnce = remember(async (_: 'applications') => {
    const read = await withinEffort(() => readApplications(context));
    return 'reason' in read ? nothingKnown(context) : read;
  });
  return () => readOnce('applications');
}

async function readApplications(context: TreeContext): Promise<Applications> {
  const { index, files, home = {}, helm, helmReleases = [], kustomize } = context;
  const { paths, applying } = index;
  const effort = createEffort();
  const list = await readDeployed({
    objects:
      kustomize && applying.length > 0
        ? await readAltered(applying, openRoots(index, NOTHING_SAID, files, kustomize))
        : applying,
    paths,
    home,
    effort,
    read: await openValues(files),
    written: helm ? await openApplyingCharts({ index, files, home, helmReleases, ...helm }) : NOTHING_WRITTEN,
  });
  const claims = readClaims(list, index, effort);
  const all = countAppliers(list.all, claims, index);
  return all === list.all
    ? { list, claims }
    : { list: { ...list, all }, claims: readClaims({ ...list, all }, index, effort) };
}

/** An object that is itself applied to several clusters is an application in each of them. */
function countAppliers(all: readonly Deployed[], claims: Claims, index: ManifestIndex): readonly Deployed[] {
  const defining = new Set(all.flatMap(({ source, definedIn }) => (source.state === 'here' ? [definedIn] : [])));
  const counts = new Map([...defining].map((path) => [path, claims.ofFile(path).length]));
  if (defining.size === 0) return all;
  const add = ({ closure }: Root, appliers: number) => {
    for (const path of closure.files) {
      if (defining.has(path)) counts.set(path, (counts.get(path) ?? 0) + appliers);
    }
  };
  for (const root of findRoots(index, claims).every) add(root, root.appliedBy.length);
  // By hand, as the first of them are: each that nobody includes is for a cluster of its own.
  const byHand = findRoots(index, NOTHING_SAID).every.filter((root) => !claims.roots.has(root.kustomization));
  for (const root of byHand) add(root, 1);
  const several = (path: string) => (counts.get(path) ?? 0) > 1;
  if (![...defining].some(several)) return all;
  return all.map((one) => (several(one.definedIn) ? { ...one, onEachCluster: true } : one));
}

/** Where reading the list takes more than a run may, anything may be applied. */
function nothingKnown({ index }: TreeContext): Applications {
  const why = 'reading who applies what takes more than a run may';
  const unread = { definedIn: index.applying[0]?.path ?? '', what: 'the list of applications', why, folder: UNKNOWN };
  const list = { all: [], unreadable: [unread], objects: index.applying };
  return { list, claims: readClaims(list, index, createEffort()) };
}

const NOTHING_WRITTEN = async () => ({ objects: [], unreadable: [] });

/** Reads the plain values of a listed file's documents. */
async function openValues(files: RepositoryFiles): Promise<(path: string) => Promise<readonly Json[] | undefined>> {
  const listed = new Map((await files.list()).map((file) => [file.path, file]));
  return async (path) => {
    const file = listed.get(path);
    if (file === undefined || refuseUnread(file)) return undefined;
    const parsed = parseManifest(decode(await files.read(path)) ?? '\uFFFD: [');
    return isParsed(parsed) ? parsed.values : undefined;
  };
}
