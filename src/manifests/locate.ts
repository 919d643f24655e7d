import { createLimiter } from '../limit.ts';
import type { Location, TextEdit } from '../model/location.ts';
import type { Mapping } from '../model/mapping.ts';
import { matches } from '../model/match.ts';
import type { RepositoryFiles } from '../model/repository-files.ts';
import type { Suggestion } from '../model/suggestion.ts';
import { type TemplateContainer, type Workload, workloadKey } from '../model/workload.ts';
import { withinEffort } from './effort.ts';
import type { ManifestIndex } from './index-manifests.ts';
import { locateKustomize } from './kustomize/locate-kustomize.ts';
import type { Kustomize } from './kustomize/render.ts';
import { openRoots, type Roots } from './kustomize/roots.ts';
import { findDefinitions } from './plain/find-definitions.ts';
import { aimAtMapped } from './plain/locate-mapped.ts';
import { aimAtPlain, namespacesWith, type PlainTarget } from './plain/locate-plain.ts';
import { type Found, proveAims } from './plain/prove-plain.ts';
import type { Miss } from './readable.ts';
import { snippetOf } from './snippet.ts';

export interface LocateContext {
  readonly index: ManifestIndex;
  readonly files: RepositoryFiles;
  /** Every workload inspected: their templates are what a manifest's values must equal. */
  readonly workloads: readonly Workload[];
  readonly mappings?: readonly Mapping[];
  /** Absent: what kustomizations render is reported and not edited. */
  readonly kustomize?: Kustomize;
  /** What is rendered by other means, asked where no kustomization renders the workload. */
  readonly helm?: LocateRendered;
}

/** An edit proved by rendering, why there is none, or `undefined` where nothing renders the workload. */
export type LocateRendered = (suggestion: Suggestion, live: TemplateContainer) => Promise<Location | Miss | undefined>;

interface Search extends LocateContext {
  readonly roots?: Roots;
}

const AT_ONCE = 4;

/**
 * Where each suggestion belongs in the repository, in the order given: the proved edit, or the reason for none with a
 * snippet. Offsets are into the file's text as it was indexed; edits of several locations of one file do not
 * overlap. Containers of a workload that share a value are changed by the edits of the first, and the others have none.
 */
export async function locate(suggestions: readonly Suggestion[], context: LocateContext): Promise<Location[]> {
  const { index, files, kustomize } = context;
  const live = new Map(context.workloads.map((workload) => [workloadKey(workload.ref), workload]));
  const search = kustomize ? { ...context, roots: openRoots(index, files, kustomize) } : context;
  const turns = createLimiter(AT_ONCE);
  const all: Found[] = await Promise.all(
    suggestions.map((suggestion) =>
      turns(async () => {
        const workload = live.get(workloadKey(suggestion.workload));
        return { suggestion, found: await withinEffort(() => find(suggestion, workload, search)) };
      }),
    ),
  );
  const proved = proveAims(all).map((found, position) => {
    const suggestion = suggestions[position];
    return 'state' in found || !suggestion ? found : notLocated(suggestion, found);
  });
  return refuseOverlaps(proved.filter((found) => 'state' in found));
}

async function find(
  suggestion: Suggestion,
  workload: Workload | undefined,
  search: Search,
): Promise<PlainTarget | Miss | Location> {
  if (!workload) return { reason: 'no manifest', why: 'the workload is no longer in the cluster', lookedAt: [] };
  if (!workload.edit.allowed) return { reason: 'not editable', why: workload.edit.why, lookedAt: [] };
  const container = workload.containers.find((one) => one.name === suggestion.container);
  if (!container) {
    const why = `the workload's template has no container ${suggestion.container}: something adds it to the pods`;
    return { reason: 'injected', why, lookedAt: [] };
  }
  const subject = { ...suggestion.workload, container: suggestion.container };
  const mapping = search.mappings?.find((one) => matches(one.match, subject));
  if (mapping) return aimAtMapped(suggestion, container, mapping, search.files);
  return (await findRendered(suggestion, container, search)) ?? findPlain(suggestion, container, search);
}

async function findRendered(
  suggestion: Suggestion,
  container: TemplateContainer,
  search: Search,
): Promise<Miss | Location | undefined> {
  const { roots, index, workloads } = search;
  const kustomized = roots && (await locateKustomize(suggestion, container, { roots, index, workloads }));
  const found = kustomized ?? (await search.helm?.(suggestion, container));
  if (!found) return undefined;
  const ref = suggestion.workload;
  const { matches: all } = findDefinitions(index, ref, namespacesWith(ref, workloads));
  const rivals = all.filter(({ file }) => !file.renderedBy).map(({ file }) => file.path);
  if (rivals.length === 0) return found;
  const path = 'path' in found ? found.path : found.lookedAt[0];
  const why = `${ref.kind} ${ref.name} is rendered from ${path} and also defined in ${rivals.join(', ')}`;
  return { reason: 'ambiguous', why, lookedAt: [...(path ? [path] : []), ...rivals] };
}

async function findPlain(
  suggestion: Suggestion,
  container: TemplateContainer,
  search: Search,
): Promise<PlainTarget | Miss> {
  const found = aimAtPlain(suggestion, container, search.index, search.workloads);
  if (!('reason' in found) || (found.reason !== 'rendered' && found.reason !== 'no manifest')) return found;
  const failed = await findFailedRoots(suggestion, found.lookedAt, search.roots);
  const [first] = failed;
  if (!first) return found;
  const why = `${found.why}; ${first.path} could not be rendered: ${first.why}`;
  return { reason: 'rendered', why, lookedAt: [...found.lookedAt, ...failed.map(({ path }) => path)] };
}

/** The roots that may render the workload, or load a file that was looked at, and cannot be rendered. */
async function findFailedRoots({ workload }: Suggestion, lookedAt: readonly string[], roots: Roots | undefined) {
  if (!roots) return [];
  const near = new Set([...(await roots.holding(workload)).map(({ root }) => root), ...roots.loading(lookedAt)]);
  const failed: { path: string; why: string }[] = [];
  for (const root of near) {
    const rendering = await roots.rendered(root);
    if (rendering.state === 'rendered') continue;
    const why = rendering.state === 'missing' ? 'kubectl is not installed' : rendering.why;
    failed.push({ path: root.kustomization.path, why });
  }
  return failed;
}

/** Of two locations that want the same place of a file, the later one waits for the next run. */
function refuseOverlaps(locations: readonly Location[]): Location[] {
  const taken: TextEdit[] = [];
  return locations.map((location) => {
    if (location.state === 'not located') return location;
    const clash = location.edits.find((edit) => taken.some((other) => overlaps(edit, other)));
    if (!clash) {
      taken.push(...location.edits);
      return location;
    }
    const why = `${clash.path}: another change of this run edits the same lines; this one can follow when that is merged`;
    return notLocated(location.suggestion, { reason: 'not editable', why, lookedAt: [clash.path] });
  });
}

function overlaps(a: TextEdit, b: TextEdit): boolean {
  if (a.path !== b.path) return false;
  if (a.start === b.start) return !isListEntry(a.replacement) || !isListEntry(b.replacement);
  return a.start < b.end && b.start < a.end;
}

function isListEntry(replacement: string): boolean {
  return /^\s*- /.test(replacement);
}

function notLocated(suggestion: Suggestion, miss: Miss): Location {
  const { reason, why, lookedAt } = miss;
  return { state: 'not located', suggestion, reason, why, lookedAt, snippet: snippetOf(suggestion) };
}
