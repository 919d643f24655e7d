import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'yaml';
import { unifiedDiff } from '../../deliver/unified-diff.ts';
import type { Suggestion } from '../../model/inspection.ts';
import type { TemplateContainer, WorkloadRef } from '../../model/workload.ts';
import { parseQuantity } from '../../quantity.ts';
import {
  type FoundWorkload,
  findObjects,
  isObject,
  isParsed,
  type Json,
  type Path,
  parseManifest,
  plain,
  podSpecPath,
  valueAt,
} from '../documents.ts';

/** What a rendering consists of: its documents as plain values, and the objects in them. */
export interface Rendered {
  readonly values: readonly Json[];
  readonly objects: readonly FoundWorkload[];
}

/** A container of a rendering: its document and the path to it. */
export interface RenderedContainer {
  readonly document: number;
  readonly path: Path;
}

export function readRendered(text: string): Rendered | undefined {
  const parsed = parseManifest(text);
  return isParsed(parsed) ? { values: parsed.values, objects: findObjects(parsed) } : undefined;
}

/** The rendered objects that are the workload; one without a namespace counts where `wildcard` says so. */
export function findRendered(rendered: Rendered, ref: WorkloadRef, wildcard: boolean): FoundWorkload[] {
  return rendered.objects.filter((found) => {
    const { group, kind, name, namespace } = found;
    const here = namespace === ref.namespace || (namespace === undefined && wildcard);
    return here && group === ref.group && kind === ref.kind && name === ref.name;
  });
}

export function findRenderedContainer(
  rendered: Rendered,
  found: FoundWorkload,
  live: TemplateContainer,
): RenderedContainer | undefined {
  const list = [...found.at, ...podSpecPath(found.kind), live.kind === 'sidecar' ? 'initContainers' : 'containers'];
  const containers = valueAt(rendered.values[found.document], list);
  if (!Array.isArray(containers)) return undefined;
  const index = containers.findIndex((item: Json) => isObject(item) && item.name === live.name);
  return index < 0 ? undefined : { document: found.document, path: [...list, index] };
}

/** The names of the containers that stand before one in its list. */
export function namesBefore(rendered: Rendered, container: RenderedContainer): string[] {
  const list = valueAt(rendered.values[container.document], container.path.slice(0, -1));
  const containers = Array.isArray(list) ? list.slice(0, Number(container.path.at(-1))) : [];
  return containers.flatMap((item: Json) => (isObject(item) && typeof item.name === 'string' ? [item.name] : []));
}

export function resourcesOf(rendered: Rendered, container: RenderedContainer): Json | undefined {
  return valueAt(rendered.values[container.document], [...container.path, 'resources']);
}

/** Which of a suggestion's values to look at. */
export type Sections = readonly ('limits' | 'requests')[];

/** Whether a rendering differs from the one before in the sections' values of one container, which are as suggested. */
export function changesOnly(
  before: Rendered,
  after: Rendered,
  container: RenderedContainer,
  suggestion: Suggestion,
  sections: Sections,
): boolean {
  const expected = plain(before.values) as Json[];
  for (const section of sections) {
    const wanted = section === 'limits' ? suggestion.limit?.to : suggestion.request?.to;
    const value = valueAt(after.values[container.document], [...container.path, 'resources', section, 'memory']);
    if ((typeof value !== 'string' && typeof value !== 'number') || parseQuantity(String(value)) !== wanted)
      return false;
    const holder = valueAt(expected[container.document], container.path) as Record<string, Json>;
    const resources = (isObject(holder.resources) ? holder.resources : {}) as Record<string, Json>;
    const map = isObject(resources[section]) ? resources[section] : {};
    holder.resources = { ...resources, [section]: { ...map, memory: value } };
  }
  return isDeepStrictEqual(expected, after.values);
}

/** The rendered object before and after, as a unified diff. */
export function renderDiff(root: string, before: Rendered, after: Rendered, document: number): string {
  const text = (rendered: Rendered) => stringify(rendered.values[document] ?? null);
  return unifiedDiff({ path: `rendered/${root || '.'}`, before: text(before), after: text(after) });
}
