import { isDeepStrictEqual } from 'node:util';
import type { NewFile, ReachedPlace } from '../../model/location.ts';
import type { WorkloadRef } from '../../model/workload.ts';
import { type AddMonitor, MONITORING_GROUP, monitorOf, type Named, writeYaml } from '../../monitor-manifest.ts';
import { type Deployed, sayMaker } from '../deployed/deployed.ts';
import {
  type FoundWorkload,
  findObjects,
  isObject,
  isParsed,
  itemsAt,
  type Json,
  mapAt,
  plain,
  textAt,
  valueAt,
} from '../documents.ts';
import { lineOf } from '../edit-memory.ts';
import { addToList } from '../kustomize/add-to-list.ts';
import type { Kustomization } from '../kustomize/load-graph.ts';
import type { Roots } from '../kustomize/roots.ts';
import { eolOf } from '../memory-style.ts';
import { findDefinition } from '../plain/locate.ts';
import { folderOf, resolvePath } from '../reach.ts';
import { type Miss, refuseText, sayOf, type WhyNot } from '../readable.ts';
import { objectsOf } from '../rendering/rendered.ts';
import {
  type AimedRoot,
  aimAtRoot,
  type MonitorContext,
  type MonitorMiss,
  type PlannedMonitor,
  plannedInRoot,
  reachInFiles,
} from './plan.ts';
import { checkInFile, effectInRoots, type FileChange, type RootChange } from './prove.ts';

/**
 * A new monitor beside the manifests of a workload that kustomize renders: in the kustomization that takes in the workload's
 * file, else in the one that is applied. `undefined` where none renders the workload.
 */
export async function addInRoots(
  fix: AddMonitor,
  ref: WorkloadRef,
  context: MonitorContext,
): Promise<PlannedMonitor | MonitorMiss | undefined> {
  const { roots } = context;
  if (roots === undefined) return undefined;
  const aimed = await aimAtRoot(ref, roots, context);
  if (aimed === undefined || 'reason' in aimed) return aimed;
  const { root, before, object } = aimed;
  const { path } = root.kustomization;
  const miss = (reason: Miss['reason'], why: string): Miss => ({ reason, why: sayOf(path, why), lookedAt: [path] });
  const monitors = before.filter((text) => text.includes('ServiceMonitor'));
  const objects = monitors.flatMap((text) => objectsOf(text, '', roots.parser) ?? []);
  const there = findSame(fix, objects, object.found.namespace);
  if (there !== undefined) return { ...miss('drift', sayThere(there)), isThere: true };
  const reached = new Set<string>();
  for (const change of await candidatesIn(fix, aimed, roots, context)) {
    const effects = await effectInRoots([change], roots);
    if (effects.effect === 'over')
      return { reason: 'over budget', why: `${effects.root}: ${effects.why}`, lookedAt: [path] };
    if (effects.effect === 'elsewhere') reached.add(effects.root);
    if (effects.effect !== 'only this') continue;
    const planned = plannedInRoot(change, aimed, effects, {
      ref,
      path: change.newFiles[0]?.path ?? path,
      line: 1,
      clusterName: context.clusterName,
    });
    return 'reason' in planned ? planned : (refuseFarther(planned.reaches, path) ?? planned);
  }
  const also =
    reached.size === 0 ? '' : `: ${[...reached].join(' and ')} would change, too; give it an overlay of its own`;
  return miss('rendered', `no ServiceMonitor can be added to what it loads that becomes what it shall be${also}`);
}

/** What could be added where: to each kustomization, under the fix's name and under what of it a prefix leaves. */
async function candidatesIn(
  fix: AddMonitor,
  aimed: AimedRoot,
  roots: Roots,
  { index, isTaken }: MonitorContext,
): Promise<RootChange[]> {
  const { root, before, object } = aimed;
  const changes: RootChange[] = [];
  const rendered = object.found;
  const id = `${rendered.namespace ?? ''}/${MONITORING_GROUP}/ServiceMonitor/${fix.name}`;
  const wanted = { id, isRight: (value: Json) => isMonitor(value, fix) };
  for (const { kustomization, source } of await placesIn(aimed, roots)) {
    const text = await roots.textOf(root, kustomization.path);
    if (text === undefined || !index.editable(kustomization.path) || refuseText(text, false)) continue;
    const gives = isObject(kustomization.value) && typeof kustomization.value.namespace === 'string';
    const namespace = source === undefined ? (gives ? undefined : rendered.namespace) : source.namespace;
    for (const name of namesFor(fix.name, rendered.name, source?.name)) {
      const named = { name, ...(namespace === undefined ? {} : { namespace }) };
      const added = planFile(fix, named, kustomization.folder, eolOf(text), isTaken);
      if (added === undefined || !index.editable(added.newFile.path)) continue;
      const splices = addToList(text, 'resources', { block: added.entry, flow: added.entry });
      if (splices === undefined) continue;
      const edits = splices.map((splice) => ({ path: kustomization.path, ...splice }));
      changes.push({ root, before, wanted, edits, newFiles: [added.newFile] });
    }
  }
  return changes;
}

interface Place {
  readonly kustomization: Kustomization;
  /** The workload as its file there has it. */
  readonly source?: FoundWorkload;
}

/** The kustomization that takes in the file with the workload, then the one that is applied. */
async function placesIn({ root, object: { found } }: AimedRoot, roots: Roots): Promise<Place[]> {
  const places: Place[] = [];
  for (const kustomization of root.closure.kustomizations) {
    for (const path of resourcesOf(kustomization)) {
      const text = await roots.textOf(root, path);
      const parsed = text?.includes(found.kind) ? roots.parser.parse(text) : undefined;
      const source = parsed && isParsed(parsed) ? findObjects(parsed).find((one) => mayBecome(one, found)) : undefined;
      if (source !== undefined) places.push({ kustomization, source });
    }
  }
  const own = root.kustomization;
  const nearest = places.find(({ source }) => source?.name === found.name) ?? places[0];
  if (nearest === undefined) return [{ kustomization: own }];
  return nearest.kustomization === own ? [nearest] : [nearest, { kustomization: own }];
}

/** The files whose objects a kustomization takes, its patches not among them. */
function resourcesOf({ value, folder, files }: Kustomization): readonly string[] {
  const named = itemsAt(value, 'resources').flatMap((name) =>
    typeof name === 'string' ? (resolvePath(folder, name) ?? []) : [],
  );
  return named.filter((path) => files.includes(path));
}

function mayBecome(source: FoundWorkload, rendered: FoundWorkload): boolean {
  return source.kind === rendered.kind && source.group === rendered.group && rendered.name.includes(source.name);
}

/** The names that may become the wanted one: without what is put around the workload's own, and as it is. */
function namesFor(wanted: string, rendered: string, source: string | undefined): string[] {
  const at = source === undefined ? -1 : rendered.indexOf(source);
  if (source === undefined || at < 0) return [wanted];
  const [prefix, suffix] = [rendered.slice(0, at), rendered.slice(at + source.length)];
  const isAround =
    wanted.length > prefix.length + suffix.length && wanted.startsWith(prefix) && wanted.endsWith(suffix);
  const inner = isAround ? wanted.slice(prefix.length, wanted.length - suffix.length) : wanted;
  return [...new Set([inner, wanted])];
}

/**
 * A new monitor for a workload that is applied as it stands: in a file of its own where the folder is known to be applied, else
 * as one more document of the workload's own file, which whatever applies the workload applies.
 */
export function addInFiles(fix: AddMonitor, ref: WorkloadRef, context: MonitorContext): PlannedMonitor | MonitorMiss {
  const { index, claims, clusterName } = context;
  const defined = findDefinition(index, ref, context);
  if ('reason' in defined) return defined;
  const { definition, parsed } = defined;
  const { path, text } = definition.file;
  const miss = ({ reason, why }: WhyNot): Miss => ({ reason, why: sayOf(path, why), lookedAt: [path] });
  const reached = reachInFiles(definition, ref.namespace, clusterName);
  if ('reason' in reached) return miss(reached);
  const farther = refuseFarther(reached.reaches, path);
  if (farther !== undefined) return farther;
  const there = findThere(fix, context);
  if (there !== undefined) return there;
  const { namespace } = definition.found;
  const named = { name: fix.name, ...(namespace === undefined ? {} : { namespace }) };
  if (claims.says) {
    const added = planFile(fix, named, folderOf(path), eolOf(text), context.isTaken);
    const isApplied = added !== undefined && isAppliedAlike(added.newFile.path, definition.appliedBy, context);
    if (added === undefined || !isApplied || !index.editable(added.newFile.path)) {
      const why = 'what applies it would not apply a new file beside it';
      return miss({ reason: 'not applied', why });
    }
    const [maker] = definition.appliedBy;
    const by = maker === undefined ? 'what applies the workload' : sayMaker(maker);
    const how = `${added.newFile.path} is a file of its own, which ${by} applies with the workload: nothing else changes.`;
    const change = { kind: 'new file', edits: [], newFiles: [added.newFile] } as const;
    return { path: added.newFile.path, line: 1, proof: { kind: 'parsed', how }, change };
  }
  return appendTo({ path, text, parsed }, monitorOf(fix, named));
}

/** Whether a path is applied by the same applications as the workload's file, and by nothing that cannot be read. */
function isAppliedAlike(path: string, appliedBy: readonly Deployed[], { claims }: MonitorContext): boolean {
  const own = claims.ofFile(path);
  const isSame = own.length === appliedBy.length && appliedBy.every((one) => own.includes(one));
  return isSame && claims.unknownAt(path, true) === undefined;
}

function appendTo(
  { path, text, parsed }: Pick<FileChange, 'path' | 'text' | 'parsed'>,
  monitor: { readonly [key: string]: Json },
): PlannedMonitor | MonitorMiss {
  const eol = eolOf(text);
  const end = text.length;
  const before = text.endsWith('\n') ? '' : eol;
  const document = writeYaml(monitor).replaceAll('\n', eol);
  const edits = [{ path, start: end, end, replacement: `${before}---${eol}${document}` }];
  const expect = (values: readonly Json[]) => [...values, monitor];
  const change: FileChange = { path, text, parsed, edits, newFiles: [], expect };
  const wrong = /^\uFEFF?\s*[{[]/.test(text)
    ? ({ reason: 'not editable', why: 'it is JSON, to which no document is added' } as const)
    : checkInFile([change]);
  if (wrong !== undefined) return { reason: wrong.reason, why: sayOf(path, wrong.why), lookedAt: [path] };
  const how = `${path} was parsed again after the edit: only this ServiceMonitor is added, and what applies the workload applies it.`;
  return { path, line: lineOf(text, end) + 1, proof: { kind: 'parsed', how }, change: { kind: 'file', ...change } };
}

interface AddedFile {
  readonly newFile: NewFile;
  /** Its name as a list of a kustomization has it. */
  readonly entry: string;
}

const NUMBERS = ['', '-2', '-3', '-4'];

function planFile(
  fix: AddMonitor,
  named: Named,
  folder: string,
  eol: string,
  isTaken: (path: string) => boolean,
): AddedFile | undefined {
  const names = NUMBERS.map((number) => `${named.name}-servicemonitor${number}.yaml`);
  const entry = names.find((name) => !isTaken(`${folder}${name}`));
  if (entry === undefined) return undefined;
  const text = writeYaml(monitorOf(fix, named)).replaceAll('\n', eol);
  return { newFile: { path: `${folder}${entry}`, text }, entry };
}

/** Whether a rendered monitor is what the fix asks for; what a kustomization adds to its labels does no harm. */
function isMonitor(value: Json, fix: AddMonitor): boolean {
  const wanted = monitorOf(fix, fix);
  const labels = mapAt(mapAt(value, 'metadata'), 'labels');
  const hasLabels = Object.entries(fix.labels).every(([key, label]) => labels[key] === label);
  return hasLabels && isDeepStrictEqual(plain(mapAt(value, 'spec')), plain(mapAt(wanted, 'spec')));
}

/** A monitor that is there already: of the same name, or one that asks the same. */
function findSame(
  fix: AddMonitor,
  objects: readonly { readonly found: FoundWorkload; readonly value: Json }[],
  namespace: string | undefined,
): string | undefined {
  const selects = plain(fix.selects);
  const same = objects.find(({ found, value }) => {
    if (found.kind !== 'ServiceMonitor' || found.group !== MONITORING_GROUP) return false;
    if (found.namespace !== namespace && found.namespace !== fix.namespace) return false;
    if (found.name === fix.name) return true;
    const asks = itemsAt(mapAt(value, 'spec'), 'endpoints').some((one) => textAt(one, 'port') === fix.port);
    return asks && isDeepStrictEqual(plain(valueAt(value, ['spec', 'selector', 'matchLabels'])), selects);
  });
  return same?.found.name;
}

/** The same among the files that are applied as they stand. */
function findThere(fix: AddMonitor, { index }: MonitorContext): MonitorMiss | undefined {
  for (const file of index.monitors) {
    const parsed = file.renderedBy === undefined ? index.parse(file) : undefined;
    if (parsed === undefined || !isParsed(parsed)) continue;
    const objects = findObjects(parsed).map((found) => ({
      found,
      value: valueAt(parsed.values[found.document], found.at) ?? null,
    }));
    const there = findSame(fix, objects, fix.namespace);
    if (there === undefined) continue;
    const why = sayOf(file.path, sayThere(there));
    return { reason: 'drift', why, lookedAt: [file.path], isThere: true };
  }
  return undefined;
}

function sayThere(name: string): string {
  return `it already has the ServiceMonitor ${name}, which the cluster does not have yet`;
}

/** Other clusters may lack the operator, and then nothing of the application can be applied there. */
function refuseFarther(reaches: readonly ReachedPlace[] | undefined, path: string): Miss | undefined {
  if (reaches === undefined || reaches.length < 2) return undefined;
  const why = `it is applied in ${reaches.length} places, and only of the inspected cluster is it known that it takes a ServiceMonitor: give that an overlay of its own`;
  return { reason: 'not editable', why: sayOf(path, why), lookedAt: [path] };
}
