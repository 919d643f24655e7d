import type { JvmMetrics, ScrapeFix } from '../../model/jvm-metrics.ts';
import type { BrokenMetrics, MonitorChange, MonitorLocation } from '../../model/monitor-location.ts';
import { type Workload, type WorkloadRef, workloadKey } from '../../model/workload.ts';
import { type AddMonitor, snippetOfMonitor, whyUnfit } from '../../monitor-manifest.ts';
import { addTo } from '../../text/add-to.ts';
import { findMakers } from '../deployed/find-makers.ts';
import { withinEffort } from '../effort.ts';
import { findDefinitions } from '../find-definitions.ts';
import { takenBy } from '../kustomize/new-patch.ts';
import type { Miss } from '../readable.ts';
import type { ManifestTree } from '../ways.ts';
import { addInFiles, addInRoots } from './add.ts';
import { changeInFiles, changeInRoots, refOf } from './change.ts';
import type { MonitorContext, MonitorMiss, PlannedMonitor } from './plan.ts';
import { checkInFile, effectInRoots } from './prove.ts';

/**
 * Where what mends the metrics of JVMs belongs in the repository, in the order given; JVMs that the same change mends stand
 * together. Offsets are into the file's text as it was indexed, and all that is located holds side by side.
 */
export async function locateMonitors(metrics: readonly JvmMetrics[], tree: ManifestTree): Promise<MonitorLocation[]> {
  const placed: PlannedMonitor[] = [];
  const locations: MonitorLocation[] = [];
  for (const change of groupByFix(metrics)) {
    const found = await withinEffort(() => find(change, tree, placed));
    const planned = 'reason' in found ? found : await besideOthers(found, placed, tree);
    if ('reason' in planned) {
      const { reason, why } = planned;
      const lookedAt = 'lookedAt' in planned ? planned.lookedAt : [];
      const isThere = 'isThere' in planned && planned.isThere === true ? { isThere: true } : {};
      const snippet = snippetOfMonitor(change.fix);
      locations.push({ ...change, state: 'not located', reason, why, lookedAt, ...isThere, snippet });
      continue;
    }
    placed.push(planned);
    const { path, line, proof, reaches, change: made } = planned;
    const { edits, newFiles } = made;
    const also = reaches === undefined ? {} : { reaches };
    locations.push({ ...change, state: 'located', path, line, edits, newFiles, proof, ...also });
  }
  return locations;
}

/** The broken ones that something would mend, by what does. */
function groupByFix(metrics: readonly JvmMetrics[]): MonitorChange[] {
  const groups = new Map<string, BrokenMetrics[]>();
  const fixes = new Map<string, ScrapeFix>();
  for (const one of metrics) {
    if (one.state !== 'broken' || one.fix === undefined) continue;
    const key = JSON.stringify(one.fix);
    fixes.set(key, one.fix);
    addTo(groups, key, one);
  }
  return [...fixes].map(([key, fix]) => ({ fix, mends: groups.get(key) ?? [] }));
}

async function find(
  { fix, mends }: MonitorChange,
  tree: ManifestTree,
  placed: readonly PlannedMonitor[],
): Promise<PlannedMonitor | MonitorMiss> {
  const unfit = whyUnfit(fix);
  if (unfit !== undefined) return { reason: 'not editable', why: unfit, lookedAt: [] };
  const { claims } = await tree.applications();
  const added = new Set(placed.flatMap(({ change }) => change.newFiles.map(({ path }) => path)));
  const isThere = takenBy(tree.index.paths);
  const context: MonitorContext = {
    index: tree.index,
    claims,
    roots: await tree.roots(),
    clusterName: tree.clusterName,
    isTaken: (path) => added.has(path) || isThere(path),
  };
  if (fix.kind === 'change monitor') {
    const rendered = await changeInRoots(fix, context);
    const all = { ...context, index: { ...tree.index, manifests: tree.index.monitors } };
    return rendered === undefined ? changeInFiles(fix, context) : refuseRivals(rendered, refOf(fix), all);
  }
  const misses: MonitorMiss[] = [];
  // One monitor may select the pods of several workloads: it belongs beside any of them.
  for (const ref of new Map(mends.map(({ workload }) => [workloadKey(workload), workload])).values()) {
    const workload = tree.workloads.find((one) => workloadKey(one.ref) === workloadKey(ref));
    const found = await add(fix, workload, tree, context);
    if (!('reason' in found)) return found;
    misses.push(found);
  }
  return misses.find(({ isThere }) => isThere) ?? misses[0] ?? GONE;
}

const GONE: Miss = { reason: 'no manifest', why: 'the workload is no longer in the cluster', lookedAt: [] };

async function add(
  fix: AddMonitor,
  workload: Workload | undefined,
  tree: ManifestTree,
  context: MonitorContext,
): Promise<PlannedMonitor | MonitorMiss> {
  if (workload === undefined) return GONE;
  const { ref, edit, hints } = workload;
  if (!edit.allowed) return { reason: 'not editable', why: edit.why, lookedAt: [] };
  if (fix.namespace !== ref.namespace) {
    return { reason: 'not applied', why: 'the monitor would be of another namespace than the workload', lookedAt: [] };
  }
  const makers = findMakers(workload, (await tree.applications()).list, tree.clusterName);
  if (makers.state === 'elsewhere') return { reason: 'not applied', why: makers.why, lookedAt: [] };
  const own = { ...context, ...(makers.state === 'here' ? { makers: makers.by } : {}) };
  const release = hints.helmRelease ?? hints.fluxHelmRelease ?? hints.helmReleaseNamespace;
  if (release !== undefined) return missChart(`the Helm release ${release} made it`, []);
  const rendered = await addInRoots(fix, ref, own);
  if (rendered !== undefined) return refuseRivals(rendered, ref, own);
  return (await missRelease(workload, tree)) ?? addInFiles(fix, ref, own);
}

/** What a rendering makes must not also be defined as it stands, but where that is written by something. */
function refuseRivals(
  found: PlannedMonitor | MonitorMiss,
  ref: WorkloadRef,
  context: MonitorContext,
): PlannedMonitor | MonitorMiss {
  if ('reason' in found) return found;
  const { matches } = findDefinitions(context.index, ref, context);
  const plain = matches.flatMap(({ file }) => (file.renderedBy === undefined ? [file.path] : []));
  const rivals = [...new Set(plain)].filter((path) => context.index.generated(path) === undefined);
  if (rivals.length === 0) return found;
  const edited = found.change.edits[0]?.path ?? found.path;
  const why = `${ref.kind} ${ref.name} is rendered from ${edited} and also defined in ${rivals.join(', ')}`;
  return { reason: 'ambiguous', why, lookedAt: [edited, ...rivals] };
}

/** A release of the repository that renders the workload; rendering them all is kept for a repository that has charts. */
async function missRelease({ ref }: Workload, { ways, index }: ManifestTree): Promise<Miss | undefined> {
  if (!index.paths.some((path) => /(?:^|\/)Chart\.yaml$/.test(path))) return undefined;
  const helm = ways.find(({ name }) => name === 'helm');
  const declared = await helm?.read({ valuesOnly: true });
  const maker = declared?.containers.find(({ workload: { group, kind, name, namespace = ref.namespace } }) => {
    return group === ref.group && kind === ref.kind && name === ref.name && namespace === ref.namespace;
  });
  if (maker === undefined) return undefined;
  const { name, path } = maker.application;
  return missChart(`the Helm release ${name} renders it`, [path]);
}

function missChart(what: string, lookedAt: readonly string[]): Miss {
  const why = `${what}, and the templates of a chart are not edited: have its values make a ServiceMonitor, if it can, or add this one beside it`;
  return { reason: 'template', why, lookedAt };
}

/** What was proved alone, where it holds beside what was placed before it. */
async function besideOthers(
  planned: PlannedMonitor,
  placed: readonly PlannedMonitor[],
  tree: ManifestTree,
): Promise<PlannedMonitor | MonitorMiss> {
  const { change } = planned;
  const touched = new Set(change.edits.map(({ path }) => path));
  const near = placed.map((one) => one.change).filter((one) => one.edits.some(({ path }) => touched.has(path)));
  if (near.length === 0) return planned;
  const [path = ''] = touched;
  const waits = `${path}: another change of this run edits the same lines; this one can follow when that is merged`;
  const waiting: Miss = { reason: 'not editable', why: waits, lookedAt: [path] };
  if (change.kind === 'file') {
    const others = near.filter((one): one is typeof change => one.kind === 'file' && one.path === change.path);
    return others.length === near.length && checkInFile([change, ...others]) === undefined ? planned : waiting;
  }
  const roots = await tree.roots();
  if (change.kind !== 'root' || roots === undefined) return waiting;
  const others = near.filter((one): one is typeof change => one.kind === 'root' && one.root === change.root);
  const isSound =
    others.length === near.length && (await effectInRoots([change, ...others], roots)).effect === 'only this';
  return isSound ? planned : waiting;
}
