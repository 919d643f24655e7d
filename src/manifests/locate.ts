import { createLimiter } from '../limit.ts';
import type { Located, Location, TextEdit } from '../model/location.ts';
import type { Suggestion } from '../model/suggestion.ts';
import { type TemplateContainer, type Workload, type WorkloadRef, workloadKey } from '../model/workload.ts';
import { addTo } from '../text/add-to.ts';
import { matches } from '../text/matches.ts';
import { adviseOn } from './advise.ts';
import type { Deployed } from './deployed/deployed.ts';
import { findMakers } from './deployed/find-makers.ts';
import { withinEffort } from './effort.ts';
import { hintedNames } from './helm/hints.ts';
import type { ManifestIndex } from './index-manifests.ts';
import { locateMapped } from './locate-mapped.ts';
import { type FoundFor, proveTargets } from './prove-targets.ts';
import { KUSTOMIZATION_NAMES } from './reach.ts';
import { type Miss, sayOf } from './readable.ts';
import { snippetOf } from './snippet.ts';
import type { FoundPlace, Way } from './way.ts';
import type { ManifestTree } from './ways.ts';

const AT_ONCE = 4;

/**
 * Where each suggestion belongs in the repository, in the order given: the proved edit, or the reason for none with a
 * snippet. Offsets are into the file's text as it was indexed; edits of several locations of one file do not
 * overlap. Containers of a workload that share a value are changed by the edits of the first, and the others have none.
 */
export async function locate(suggestions: readonly Suggestion[], tree: ManifestTree): Promise<Location[]> {
  const live = new Map(tree.workloads.map((workload) => [workloadKey(workload.ref), workload]));
  const turns = createLimiter(AT_ONCE);
  const all: FoundFor[] = await Promise.all(
    suggestions.map((suggestion) =>
      turns(async () => {
        const workload = live.get(workloadKey(suggestion.workload));
        return { suggestion, found: await withinEffort(() => find(suggestion, workload, tree)) };
      }),
    ),
  );
  const proved = proveTargets(all).map((found, position) => {
    const suggestion = suggestions[position];
    return 'state' in found || !suggestion ? found : notLocated(suggestion, found);
  });
  const known = new Set([...tree.index.paths, ...tree.index.unread.keys()]);
  const settled = await refuseClashes(refuseOverlaps(proved.filter((found) => 'state' in found)), tree.ways);
  return settled.map((location) =>
    // What decides about the workload itself is not for the repository to change.
    location.state === 'located' || !live.get(workloadKey(location.suggestion.workload))?.edit.allowed
      ? location
      : adviseOn({ ...location, lookedAt: location.lookedAt.filter((path) => known.has(path)) }),
  );
}

async function find(suggestion: Suggestion, workload: Workload | undefined, tree: ManifestTree): Promise<FoundPlace> {
  if (!workload) return { reason: 'no manifest', why: 'the workload is no longer in the cluster', lookedAt: [] };
  if (!workload.edit.allowed) return { reason: 'not editable', why: workload.edit.why, lookedAt: [] };
  const container = workload.containers.find((one) => one.name === suggestion.container);
  if (!container) {
    const why = `the workload's template has no container ${suggestion.container}: something adds it to the pods`;
    return { reason: 'injected', why, lookedAt: [] };
  }
  const subject = { ...suggestion.workload, container: suggestion.container };
  const mapping = tree.mappings?.find((one) => matches(one.match, subject));
  if (mapping) return locateMapped(suggestion, container, mapping, tree.files);
  const { list } = await tree.applications();
  const makers = findMakers(workload, list, tree.clusterName);
  if (makers.state === 'elsewhere' && !isNamedRelease(workload, tree)) {
    return { reason: 'not applied', why: makers.why, lookedAt: [] };
  }
  return findInWays(suggestion, container, waysOf(workload, tree), makers.state === 'here' ? makers.by : undefined);
}

/** What Helm installed by itself, as only its own annotations tell, no file defines as it stands: a copy is no rival. */
function waysOf({ hints }: Workload, { ways, index }: ManifestTree): Pick<ManifestTree, 'ways' | 'index'> {
  const own = hints.helmReleaseNamespace === undefined ? ways : ways.filter(({ name }) => name === 'helm');
  return { ways: own, index };
}

/** Whether the option names a release that the live object speaks of: whoever wrote that knows better. */
function isNamedRelease({ ref, hints }: Workload, { helmReleases = [] }: ManifestTree): boolean {
  const hinted = hintedNames(hints);
  return helmReleases.some(({ release, namespace }) => namespace === ref.namespace && hinted.includes(release));
}

/** What the first way finds that makes the workload, held against the other ways. */
async function findInWays(
  suggestion: Suggestion,
  container: TemplateContainer,
  { ways, index }: Pick<ManifestTree, 'ways' | 'index'>,
  makers: readonly Deployed[] | undefined,
): Promise<FoundPlace> {
  const { workload } = suggestion;
  for (const way of ways) {
    const found = await way.locate(suggestion, container, makers);
    if (found === undefined) continue;
    const others = ways.filter((other) => other !== way);
    return way.renders
      ? refuseRivals(found, await rivalsOf(workload, others, makers), workload, index)
      : addFailed(found, workload, others);
  }
  const why = `no manifest of the repository defines ${workload.kind} ${workload.name} in ${workload.namespace}`;
  return { reason: 'no manifest', why, lookedAt: [] };
}

async function rivalsOf(
  workload: WorkloadRef,
  ways: readonly Way[],
  makers: readonly Deployed[] | undefined,
): Promise<readonly string[]> {
  return (await Promise.all(ways.map((way) => way.definitions(workload, makers)))).flat();
}

/** What a rendering makes must not also be defined as it stands, but where that is only written from the rendering. */
function refuseRivals(
  found: FoundPlace,
  all: readonly string[],
  workload: WorkloadRef,
  index: ManifestIndex,
): FoundPlace {
  const isKustomize = 'state' in found && found.state === 'located' && found.proof.kind === 'kustomize';
  const rivals = all.filter((path) => !isKustomize || !isKustomizationIn(index.generated(path)?.source, index));
  const [rival] = rivals;
  if (rival === undefined) return found;
  const path = pathOf(found);
  const lookedAt = [...(path ? [path] : []), ...rivals];
  const generated = rivals.map((one) => index.generated(one));
  if (generated[0] && generated.every((one) => one !== undefined)) {
    return { ...generated[0], why: sayOf(rival, generated[0].why), lookedAt };
  }
  const why = `${workload.kind} ${workload.name} is rendered from ${path} and also defined in ${rivals.join(', ')}`;
  return { reason: 'ambiguous', why, lookedAt };
}

function isKustomizationIn(folder: string | undefined, { kustomizations }: ManifestIndex): boolean {
  return folder !== undefined && KUSTOMIZATION_NAMES.some((name) => kustomizations.has(`${folder}/${name}`));
}

/** Where a reader can look now: not at a file that an edit would add. */
function pathOf(found: FoundPlace): string | undefined {
  if ('reason' in found) return found.lookedAt[0];
  return 'newFiles' in found && found.newFiles.length > 0 ? found.edits[0]?.path : found.path;
}

/** Where nothing defines the workload as it stands, a rendering that failed may be the reason. */
async function addFailed(found: FoundPlace, workload: WorkloadRef, others: readonly Way[]): Promise<FoundPlace> {
  if (!('reason' in found) || (found.reason !== 'rendered' && found.reason !== 'no manifest')) return found;
  const near = await Promise.all(others.map((way) => way.failedNear(workload, found.lookedAt)));
  const failed = near.flat();
  const [first] = failed;
  if (!first) return found;
  const why = `${found.why}; ${first.path} ${first.why}`;
  return { reason: 'rendered', why, lookedAt: [...found.lookedAt, ...failed.map(({ path }) => path)] };
}

/** Of two locations that want the same place of a file, or the same new file, the later one waits for the next run. */
function refuseOverlaps(locations: readonly Location[]): Location[] {
  const taken = new Map<string, TextEdit[]>();
  const added = new Set<string>();
  return locations.map((location) => {
    if (location.state === 'not located') return location;
    const { edits, newFiles } = location;
    const clash = edits.find((edit) => taken.get(edit.path)?.some((other) => overlaps(edit, other)));
    const path = clash?.path ?? newFiles.find((file) => added.has(file.path))?.path;
    if (path !== undefined) return waiting(location, path);
    for (const edit of edits) addTo(taken, edit.path, edit);
    for (const file of newFiles) added.add(file.path);
    return location;
  });
}

/** What does not hold beside others of the run waits, too. */
async function refuseClashes(locations: readonly Location[], ways: readonly Way[]): Promise<Location[]> {
  const located = locations.filter((one) => one.state === 'located');
  const clashing = new Set<Location>();
  for (const way of ways) {
    for (const one of (await way.clashing?.(located)) ?? []) clashing.add(one);
  }
  return locations.map((one) => (one.state === 'located' && clashing.has(one) ? waiting(one, one.path) : one));
}

function waiting({ suggestion }: Located, path: string): Location {
  const why = `${path}: another change of this run edits the same lines; this one can follow when that is merged`;
  return notLocated(suggestion, { reason: 'not editable', why, lookedAt: [path] });
}

/** Entries of one list follow one another, and what begins the list for both is written once. */
function overlaps(a: TextEdit, b: TextEdit): boolean {
  if (a.start === b.start && a.end === b.end && isOfList(a) && isOfList(b)) return false;
  if (a.start === b.start) return true;
  return a.start < b.end && b.start < a.end;
}

function isOfList({ replacement }: TextEdit): boolean {
  return replacement === '' || /^\s*(?:- |patches:$)|^, \{path: /.test(replacement);
}

function notLocated(suggestion: Suggestion, miss: Miss): Location {
  const { reason, why, lookedAt } = miss;
  return { state: 'not located', suggestion, reason, why, lookedAt, snippet: snippetOf(suggestion) };
}
