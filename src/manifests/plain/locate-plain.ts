import { podSpecPath } from '../../model/kinds.ts';
import type { NotLocatedReason } from '../../model/location.ts';
import type { Suggestion } from '../../model/suggestion.ts';
import { type TemplateContainer, type Workload, type WorkloadRef, workloadKey } from '../../model/workload.ts';
import { narrow } from '../applied.ts';
import { findConflict, findDrift } from '../compare-live.ts';
import { isObject, isParsed, type Json, type ParsedFile, type Path, valueAt } from '../documents.ts';
import type { MemoryTarget } from '../edit-memory.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import { hintAtOtherTools } from '../other-tools.ts';
import type { Miss, WhyNot } from '../readable.ts';
import { findDefinitions } from './find-definitions.ts';

/** A target in a file whose value agrees with the live one; what remains is to plan and prove the edit. */
export interface PlainTarget {
  readonly path: string;
  readonly text: string;
  readonly parsed: ParsedFile;
  readonly target: MemoryTarget;
}

/** The one place in plain YAML that defines the suggestion's container, or why there is none to edit. */
export function aimAtPlain(
  suggestion: Suggestion,
  live: TemplateContainer,
  index: ManifestIndex,
  workloads: readonly Workload[],
): PlainTarget | Miss {
  const ref = suggestion.workload;
  const { matches: all, mentions } = findDefinitions(index, ref, namespacesWith(ref, workloads));
  const workload = workloads.find((one) => workloadKey(one.ref) === workloadKey(ref));
  const matches = narrow(all, ({ file }) => file.path, workload, index.applied);
  const paths = [...new Set([...matches.map((match) => match.file.path), ...mentions.map((mention) => mention.path)])];
  const miss = (reason: NotLocatedReason, why: string): Miss => ({ reason, why, lookedAt: paths });

  const [match, ...more] = matches;
  if (!match) return index.over ? { ...index.over, lookedAt: paths } : missed(mentions, miss, ref, index.paths);
  const rivals = mentions.filter((mention) => mention.reason === 'template' || mention.reason === 'not editable');
  if (more.length > 0 || rivals.length > 0) {
    return miss('ambiguous', `${ref.kind} ${ref.name} is defined more than once: ${paths.join(', ')}`);
  }
  const { file, found } = match;
  if (file.renderedBy) {
    return miss('rendered', `${file.path} is rendered by ${file.renderedBy}, and no rendering has proved an edit`);
  }
  if (file.refusal) return miss(file.refusal.reason, `${file.path}: ${file.refusal.why}`);
  const parsed = index.parse(file);
  if (!isParsed(parsed)) return miss(parsed.reason, `${file.path}: ${parsed.why}`);

  const list = [...found.at, ...podSpecPath(ref.kind), live.kind === 'sidecar' ? 'initContainers' : 'containers'];
  const holder = findContainer(parsed.values[found.document], list, suggestion.container);
  if (holder === 'twice') return miss('ambiguous', `${file.path} has the container ${suggestion.container} twice`);
  if (!holder) return miss('drift', `${file.path} has no container ${suggestion.container}, which the cluster runs`);
  const target = targetOf(suggestion, found.document, holder, 'resources');
  const refusal = checkTarget(parsed, target, live, suggestion);
  return refusal
    ? miss(refusal.reason, `${file.path}: ${refusal.why}`)
    : { path: file.path, text: file.text, parsed, target };
}

function missed(
  mentions: ReturnType<typeof findDefinitions>['mentions'],
  miss: (reason: NotLocatedReason, why: string) => Miss,
  ref: WorkloadRef,
  paths: readonly string[],
): Miss {
  const [first, ...others] = mentions;
  if (!first) {
    const why = `no manifest of the repository defines ${ref.kind} ${ref.name} in ${ref.namespace}`;
    return miss('no manifest', `${why}${hintAtOtherTools(paths)}`);
  }
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return miss(first.reason, `${first.path}: ${first.why}${more}`);
}

export function targetOf(suggestion: Suggestion, document: number, holder: Path, key: string): MemoryTarget {
  const limit = suggestion.limit?.to;
  const request = suggestion.request?.to;
  return { document, holder, key, ...(limit ? { limit } : {}), ...(request ? { request } : {}) };
}

/** Why a target must not be edited for what its values are. */
export function checkTarget(
  parsed: ParsedFile,
  target: MemoryTarget,
  live: TemplateContainer,
  suggestion: Suggestion,
): WhyNot | undefined {
  const resources = valueAt(parsed.values[target.document], [...target.holder, target.key]);
  if (looksTemplated(resources)) return { reason: 'template', why: 'a template writes the value' };
  const drift = findDrift(resources, live, suggestion);
  if (drift) return { reason: 'drift', why: drift };
  const conflict = findConflict(resources, suggestion);
  return conflict ? { reason: 'not editable', why: conflict } : undefined;
}

function looksTemplated(resources: Json | undefined): boolean {
  return ['limits', 'requests'].some((section) => {
    const memory = valueAt(resources, [section, 'memory']);
    return isObject(memory) || (typeof memory === 'string' && /\{\{|\$[{(]|\(\(|<</.test(memory));
  });
}

function findContainer(value: Json | undefined, list: Path, name: string): Path | 'twice' | undefined {
  const containers = valueAt(value, list);
  if (!Array.isArray(containers)) return undefined;
  const at = containers.flatMap((item: Json, index) => (isObject(item) && item.name === name ? [index] : []));
  if (at.length > 1) return 'twice';
  return at[0] === undefined ? undefined : [...list, at[0]];
}

/** The inspected namespaces that have a workload of this group, kind and name. */
export function namespacesWith(ref: WorkloadRef, workloads: readonly Workload[]): string[] {
  const same = workloads.filter((other) => {
    return workloadKey({ ...other.ref, namespace: '' }) === workloadKey({ ...ref, namespace: '' });
  });
  return [...new Set(same.map((workload) => workload.ref.namespace))];
}
