import { isDeepStrictEqual } from 'node:util';
import type { WorkloadRef } from '../../model/workload.ts';
import { type ChangeMonitor, MONITORING_GROUP } from '../../monitor-manifest.ts';
import { findObjects, isParsed, type Json, type ParsedFile, plain, valueAt } from '../documents.ts';
import { lineOf } from '../edit-memory.ts';
import { editableFiles } from '../kustomize/places.ts';
import type { Roots } from '../kustomize/roots.ts';
import { findDefinition } from '../plain/locate.ts';
import { type Miss, sayOf, type WhyNot } from '../readable.ts';
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
import { planValues, valuesToSet, whyDrifted, withValues } from './set-values.ts';

/** A monitor as an object of the cluster. */
export function refOf({ monitor: { kind, name, namespace } }: ChangeMonitor): WorkloadRef {
  return { group: MONITORING_GROUP, kind, name, namespace };
}

/** The change of a monitor that kustomize renders: where it moves this monitor alone. `undefined` where none renders it. */
export async function changeInRoots(
  fix: ChangeMonitor,
  context: MonitorContext,
): Promise<PlannedMonitor | MonitorMiss | undefined> {
  const { roots, clusterName } = context;
  const ref = refOf(fix);
  if (roots === undefined) return undefined;
  const aimed = await aimAtRoot(ref, roots, context);
  if (aimed === undefined || 'reason' in aimed) return aimed;
  const { root, object } = aimed;
  const { path } = root.kustomization;
  const miss = ({ why, ...rest }: WhyNot): MonitorMiss => ({ ...rest, why: sayOf(path, why), lookedAt: [path] });
  const drift = whyDrifted(object.value, fix);
  if (drift !== undefined) return miss(drift);
  const reached = new Set<string>();
  let refused: WhyNot | undefined;
  for (const change of await candidatesIn(fix, aimed, roots, context)) {
    if ('reason' in change) {
      refused ??= { reason: change.reason, why: change.why };
      continue;
    }
    const effects = await effectInRoots([change], roots);
    if (effects.effect === 'over') return miss({ reason: 'over budget', why: effects.why });
    if (effects.effect === 'elsewhere') reached.add(effects.root);
    if (effects.effect !== 'only this') continue;
    const [edit] = change.edits;
    const line = edit === undefined ? 1 : lineOf((await roots.textOf(root, edit.path)) ?? '', edit.start);
    return plannedInRoot(change, aimed, effects, { ref, path: edit?.path ?? path, line, clusterName });
  }
  const also = reached.size === 0 ? '' : `; ${[...reached].join(' and ')} would change, too`;
  return miss(
    refused ?? { reason: 'rendered', why: `no edit of the files that it loads changes this value alone${also}` },
  );
}

/** Each object of the root's files that may become the monitor, with the values set there. */
async function candidatesIn(
  fix: ChangeMonitor,
  { root, before, object }: AimedRoot,
  roots: Roots,
  { index }: MonitorContext,
): Promise<(RootChange | WhyNot)[]> {
  const values = valuesToSet(fix);
  const expected = withValues(object.value, values);
  const wanted = { id: object.id, isRight: (value: Json) => isDeepStrictEqual(plain(value), plain(expected)) };
  const changes: (RootChange | WhyNot)[] = [];
  for (const [path, text] of await editableFiles(root, roots, index)) {
    const parsed = text.includes(fix.monitor.kind) ? roots.parser.parse(text) : undefined;
    if (parsed === undefined || !isParsed(parsed)) continue;
    for (const found of findObjects(parsed)) {
      if (found.kind !== fix.monitor.kind || !fix.monitor.name.includes(found.name)) continue;
      const splices = planValues(text, parsed, found, values);
      if ('reason' in splices) changes.push({ ...splices, why: sayOf(path, splices.why) });
      else changes.push({ root, before, wanted, edits: splices.map((one) => ({ path, ...one })), newFiles: [] });
    }
  }
  return changes;
}

/** The change of a monitor that is applied as it stands. */
export function changeInFiles(fix: ChangeMonitor, context: MonitorContext): PlannedMonitor | MonitorMiss {
  const { index, clusterName } = context;
  const ref = refOf(fix);
  const defined = findDefinition({ ...index, manifests: index.monitors }, ref, context);
  if ('reason' in defined) return defined.reason === 'no manifest' ? (missTemplate(fix, context) ?? defined) : defined;
  const { definition, parsed } = defined;
  const { file, found } = definition;
  const { path, text } = file;
  const miss = ({ why, ...rest }: WhyNot): MonitorMiss => ({ ...rest, why: sayOf(path, why), lookedAt: [path] });
  const monitor = valueAt(parsed.values[found.document], found.at) ?? null;
  const drift = whyDrifted(monitor, fix);
  if (drift !== undefined) return miss(drift);
  const reached = reachInFiles(definition, ref.namespace, clusterName);
  if ('reason' in reached) return miss(reached);
  const splices = planValues(text, parsed, found, valuesToSet(fix));
  if ('reason' in splices) return miss(splices);
  const edits = splices.map((one) => ({ path, ...one }));
  const change: FileChange = { path, text, parsed, edits, newFiles: [], expect: expectIn(parsed, found, fix) };
  const wrong = checkInFile([change]);
  if (wrong !== undefined) return miss(wrong);
  const how = `${path} was parsed again after the edit: only the ${fix.change.field} of this ${ref.kind} differs.`;
  const line = lineOf(text, edits[0]?.start ?? 0);
  return { path, line, proof: { kind: 'parsed', how }, ...reached, change: { kind: 'file', ...change } };
}

/** The documents of a file with the values set in one of its objects. */
function expectIn(
  { values: { length } }: ParsedFile,
  { document, at }: { readonly document: number; readonly at: readonly (string | number)[] },
  fix: ChangeMonitor,
): FileChange['expect'] {
  const values = valuesToSet(fix).map(({ path, value }) => ({ path: [...at, ...path], value }));
  return (now) => now.map((one, number) => (number === document && number < length ? withValues(one, values) : one));
}

/** A chart that may make the monitor, where no manifest does. */
function missTemplate({ monitor: { kind } }: ChangeMonitor, { index }: MonitorContext): Miss | undefined {
  const template = index.monitors.find(
    ({ renderedBy, text }) => renderedBy?.endsWith('Chart.yaml') && text.includes(kind),
  );
  if (template === undefined) return undefined;
  const why = `${template.path} may make it, and the template of a chart is not edited: change its values, or the template, by hand`;
  return { reason: 'template', why, lookedAt: [template.path] };
}
