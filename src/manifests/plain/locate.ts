import { podSpecPath } from '../../model/kinds.ts';
import type { NotLocatedReason, ReachedPlace } from '../../model/location.ts';
import type { Suggestion } from '../../model/suggestion.ts';
import type { TemplateContainer, WorkloadRef } from '../../model/workload.ts';
import { sayMaker } from '../deployed/deployed.ts';
import { inCluster } from '../deployed/find-makers.ts';
import { givenNamespaces } from '../deployed/find-namespace.ts';
import { isRaise, reachedPlaces, sayLowered } from '../deployed/reached-places.ts';
import { isObject, isParsed, type Json, type ParsedFile, type Path, valueAt } from '../documents.ts';
import { checkTarget, type FileTarget, targetOf } from '../file-target.ts';
import { type Appliers, type Definition, findDefinitions } from '../find-definitions.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import { hintAtOtherTools } from '../other-tools.ts';
import { type Miss, sayOf, type WhyNot } from '../readable.ts';

/** The one place in plain YAML that defines the suggestion's container, or why there is none to edit. */
export function locateInFiles(
  suggestion: Suggestion,
  live: TemplateContainer,
  index: ManifestIndex,
  appliers: Appliers,
): FileTarget | Miss {
  const ref = suggestion.workload;
  const defined = findDefinition(index, ref, appliers);
  if ('reason' in defined) return defined;
  const { definition, parsed, paths } = defined;
  const { file, found } = definition;
  const miss = (reason: NotLocatedReason, why: string): Miss => ({ reason, why, lookedAt: paths });
  const holder = findHolder(parsed.values[found.document], [...found.at, ...podSpecPath(ref.kind)], live);
  if (holder === 'twice') return miss('ambiguous', `${file.path} has the container ${suggestion.container} twice`);
  if (!holder) return miss('drift', `${file.path} has no container ${suggestion.container}, which the cluster runs`);
  const target = targetOf(suggestion, found.document, holder, 'resources');
  const reached = findReached(definition, suggestion, appliers.clusterName);
  const refusal = checkTarget(parsed, target, live, suggestion) ?? ('why' in reached ? reached : undefined);
  if (refusal) return miss(refusal.reason, sayOf(file.path, refusal.why));
  return { path: file.path, text: file.text, parsed, target, ...('reaches' in reached ? reached : {}) };
}

/** The one definition of an object that may be edited, and all paths that name the object. */
interface FoundDefinition {
  readonly definition: Definition;
  readonly parsed: ParsedFile;
  readonly paths: readonly string[];
}

/** The one file that defines an object as it stands and may be edited, or why there is none. */
export function findDefinition(index: ManifestIndex, ref: WorkloadRef, appliers: Appliers): FoundDefinition | Miss {
  const { matches: all, mentions } = findDefinitions(index, ref, appliers);
  const matches = ofCluster(all, appliers.clusterName);
  const paths = [...new Set([...matches.map((match) => match.file.path), ...mentions.map((mention) => mention.path)])];
  const miss = (reason: NotLocatedReason, why: string): Miss => ({ reason, why, lookedAt: paths });

  const [match, ...more] = matches;
  if (!match) return index.over ? { ...index.over, lookedAt: paths } : missed(mentions, miss, ref, index);
  const rivals = mentions.filter((mention) => mention.reason === 'template' || mention.reason === 'not editable');
  if (more.length > 0 || rivals.length > 0) {
    const clusters = matches.some(({ appliedBy }) => appliedBy.length > 0) ? 'cluster-name or ' : '';
    const why = `${ref.kind} ${ref.name} is defined more than once: ${paths.join(', ')}`;
    return miss('ambiguous', `${why}; ${clusters}a mapping tells which one is meant`);
  }
  const { file } = match;
  if (file.renderedBy) {
    return miss('rendered', `${file.path} is rendered by ${file.renderedBy}, and no rendering has proved an edit`);
  }
  if (file.refusal) return miss(file.refusal.reason, sayOf(file.path, file.refusal.why));
  const parsed = index.parse(file);
  if (!isParsed(parsed)) return miss(parsed.reason, sayOf(file.path, parsed.why));
  return { definition: match, parsed, paths };
}

function ofCluster(matches: readonly Definition[], clusterName: string | undefined): readonly Definition[] {
  const own = inCluster(
    matches.flatMap(({ appliedBy }) => appliedBy),
    clusterName,
  );
  const near = matches.filter(({ appliedBy }) => appliedBy.some((one) => own.includes(one)));
  return near.length === 0 ? matches : near;
}

/** Everywhere that the file is applied, or why an edit of it does more than is meant. */
function findReached(
  { found, appliedBy }: Definition,
  suggestion: Suggestion,
  clusterName: string | undefined,
): WhyNot | { readonly reaches?: readonly ReachedPlace[] } {
  const { namespace } = suggestion.workload;
  const other = appliedBy.find((one) => (givenNamespaces(found.namespace, [one])[0] ?? namespace) !== namespace);
  if (other !== undefined) {
    const why = `${sayMaker(other)} applies it to another namespace, where it would change, too`;
    return { reason: 'rendered', why };
  }
  const changing = appliedBy.find(({ overrides }) => changesMore(overrides?.value ?? {}));
  if (changing !== undefined) {
    return { reason: 'rendered', why: `${sayMaker(changing)} changes more of it than its namespace: change it there` };
  }
  const reaches = reachedPlaces([{ appliedBy }], clusterName);
  if (reaches.length < 2) return {};
  return isRaise(suggestion) ? { reaches } : { reason: 'not editable', why: sayLowered(reaches) };
}

/** Whether what an application sets may change the name or the memory of what it applies as it stands. */
function changesMore(settings: { readonly [key: string]: Json }): boolean {
  const isSet = ['components', 'namePrefix', 'nameSuffix'].some((key) => settings[key] !== undefined);
  return isSet || /resources|\/metadata\/name/.test(JSON.stringify(settings.patches ?? ''));
}

function missed(
  mentions: ReturnType<typeof findDefinitions>['mentions'],
  miss: (reason: NotLocatedReason, why: string) => Miss,
  ref: WorkloadRef,
  { paths, unread }: ManifestIndex,
): Miss {
  const [first, ...others] = mentions;
  if (!first) {
    const why = `no manifest of the repository defines ${ref.kind} ${ref.name} in ${ref.namespace}`;
    const files = [...unread].filter(([, { why }]) => !/symbolic link|submodule/.test(why));
    // Whether it is gone is not known then.
    const reason = files.some(([path]) => /\.ya?ml$/i.test(path)) ? 'unsafe file' : 'no manifest';
    return miss(reason, `${why}${sayUnread(files)}${hintAtOtherTools(paths)}`);
  }
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return miss(first.reason, `${sayOf(first.path, first.why)}${more}`);
}

const MOST_UNREAD = 3;

/** A clause about files that may define anything and were not read. A link's target is a file of its own. */
function sayUnread(files: readonly (readonly [path: string, whyNot: WhyNot])[]): string {
  const clauses = files.slice(0, MOST_UNREAD).map(([path, { why }]) => `; ${sayOf(path, why)} and was not read`);
  const left = files.length - clauses.length;
  return `${clauses.join('')}${left > 0 ? `; and ${left} more were not read` : ''}`;
}

/** The path of what holds the `resources`: the pod spec itself, or a container in it. */
function findHolder(
  value: Json | undefined,
  spec: Path,
  { kind, name }: TemplateContainer,
): Path | 'twice' | undefined {
  if (kind === 'pod') return isObject(valueAt(value, spec)) ? spec : undefined;
  const list = [...spec, kind === 'sidecar' ? 'initContainers' : 'containers'];
  const containers = valueAt(value, list);
  if (!Array.isArray(containers)) return undefined;
  const at = containers.flatMap((item: Json, index) => (isObject(item) && item.name === name ? [index] : []));
  if (at.length > 1) return 'twice';
  return at[0] === undefined ? undefined : [...list, at[0]];
}
