import type { Location } from '../../model/location.ts';
import { isRaise, reachedPlaces, sayLowered } from '../deployed/reached-places.ts';
import { type Json, type Path, valueAt } from '../documents.ts';
import { IN_A_UNIT } from '../effort.ts';
import { memoryOf } from '../memory.ts';
import { snippetOf } from '../snippet.ts';
import { APP_TEMPLATE, findInControllers } from './app-template.ts';
import { chooseLayers, type LayerChoice } from './choose-layers.ts';
import { agrees, findByConvention } from './conventional-key.ts';
import type { KeyChange, ValuesEdit } from './edit-values.ts';
import { hintedNames, isHinted, isPlaced } from './hints.ts';
import { loadLayers } from './load-release.ts';
import { filesOfRelease, type Subject } from './match-release.ts';
import { sayOverlaid, whyNotOverlaid } from './prove-overlaid.ts';
import { appliersOf, place, type Release, sayRelease } from './release.ts';
import type { Session } from './session.ts';
import { isReleaseIn, refuseOutside } from './taken-in.ts';
import { type LoadedLayer, mergeValues } from './values.ts';

/**
 * For a release of a chart that is not in the repository: the one `resources` of its values that the chart's documented
 * keys or else conventions give to the container and whose values are the live ones. Edited only when `allowed`, and never
 * called proved.
 */
export async function locateUnproved(
  subject: Subject,
  session: Session,
  allowed: boolean,
): Promise<Location | undefined> {
  const { namespace } = subject.suggestion.workload;
  const hinted = hintedNames(subject.workload.hints);
  const releases = session.releases.filter((release) => {
    const isHere = isPlaced(release, namespace) && (release.namespace ?? namespace) === namespace;
    return (
      release.chart.kind === 'remote' &&
      !release.aside &&
      isHinted(release, hinted) &&
      isHere &&
      isReleaseIn(release, session.index)
    );
  });
  const [release, ...more] = releases;
  if (release?.chart.kind !== 'remote') return undefined;
  const refuse = refusing(subject, release);
  if (more.length > 0)
    return refuse(
      'more than one object of the repository describes it: cluster-name or a mapping tells which one is meant',
      'ambiguous',
    );
  if (release.obstacle !== undefined) return refuse(release.obstacle);
  const { name: chart } = release.chart;
  const layers = await loadLayers(release, session.texts);
  const because = `its chart ${chart} is not in the repository, so nothing can be rendered`;
  if ('reason' in layers) return refuse(`${because}, and ${layers.why}`);
  const name = sayRelease(place(release, namespace));
  return locateByKey(subject, session, {
    release,
    layers,
    because,
    allowed,
    find: (values) => findKey(values, release.name, chart, subject),
    how: (found) => `The chart ${chart} of ${name} could not be rendered: ${found.block.join('.')} is ${found.known}.`,
  });
}

/** The `resources` to change, and how it is known that they are meant. */
export interface ConventionalKey {
  readonly block: Path;
  readonly known: string;
}

/** Values whose chart cannot be rendered, and how to look into them. */
export interface Unrendered {
  readonly release: Release;
  readonly layers: readonly LoadedLayer[];
  /** The chart's own values, where they are in the repository. */
  readonly defaults?: LoadedLayer;
  /** Why nothing can be rendered. */
  readonly because: string;
  readonly allowed: boolean;
  find(values: Json): ConventionalKey | string;
  how(found: ConventionalKey): string;
}

/** The edit of values that no rendering can prove, or what to do for it. */
export async function locateByKey(subject: Subject, session: Session, unrendered: Unrendered): Promise<Location> {
  const { suggestion } = subject;
  const { release, layers, defaults, because } = unrendered;
  const refuse = refusing(subject, release);
  const values = mergeAll([...(defaults ? [defaults] : []), ...layers], session);
  const found = unrendered.find(values);
  if (typeof found === 'string') return refuse(`${because}, and ${found}`);
  const block = found.block.join('.');
  const parameter = release.set.find((pair) => pair.startsWith(`${block}.`));
  if (parameter !== undefined) return refuse(`${because}, and a parameter in ${release.definedIn} sets ${parameter}`);
  const changes = changesAt(found.block, valueAt(values, found.block), subject);
  let first: Refusal | undefined;
  for (const choice of chooseLayers({ layers, ...(defaults ? { defaults } : {}) }, changes)) {
    const tried = await tryUnproved(choice, subject, { release, changes, session });
    if ('why' in tried) {
      first ??= refuse(tried.alone ? tried.why : `${because}, and ${tried.why}`, tried.reason);
      if (tried.reason !== undefined && tried.reason !== 'rendered') break;
      continue;
    }
    const [edit] = tried.edits;
    if (!edit) return refuse(`${because}, and its values already hold what is suggested`);
    if (!unrendered.allowed) {
      const files = tried.edits.map(({ path }) => path).join(' and ');
      return refuse(`${because}; ${block} in ${files} is likely meant (helm-unproved changes such values)`);
    }
    const reaches = reachedPlaces([{ appliedBy: appliersOf(release) }], session.clusterName);
    if (reaches.length > 1 && !isRaise(suggestion)) {
      first ??= refuse(sayLowered(reaches), 'not editable');
      continue;
    }
    const hidden = release.hidden.length === 0 ? '' : ` The values in ${release.hidden.join(' and ')} were not known.`;
    const edits = tried.edits.flatMap((one) => one.edits);
    const how = `${unrendered.how(found)}${hidden}${sayOverlaid(release)}`;
    const proof = { kind: 'not proved' as const, how };
    const places = reaches.length > 1 ? { reaches } : {};
    return { state: 'located', suggestion, path: edit.path, line: edit.line, edits, newFiles: [], proof, ...places };
  }
  return first ?? refuse(`${because}, and it has no values`);
}

/** `alone`: the reason says all by itself. */
type Untried = Partial<Pick<Refusal, 'reason'>> & { readonly why: string; readonly alone?: true };

/** The edits of a choice of layers where they move this release alone, as far as anything but its chart tells. */
async function tryUnproved(
  choice: LayerChoice,
  { suggestion }: Subject,
  { release, changes, session }: { release: Release; changes: readonly KeyChange[]; session: Session },
): Promise<Untried | { readonly edits: readonly ValuesEdit[] }> {
  if ('reason' in choice) return { ...choice, alone: true };
  const paths = choice.edits.map(({ path }) => path);
  const outside = refuseOutside(paths, session.index);
  if (outside) return outside;
  const own = place(release, suggestion.workload.namespace);
  const others = await session.others(own, paths);
  if (others.length > 0) return { why: `${paths.join(' and ')} is loaded by more than this release` };
  const texts = new Map(choice.edits.map(({ path, after }) => [path, after]));
  const overlaid = await whyNotOverlaid(own, texts, changes, session.rendering);
  return overlaid ? { why: overlaid.why, alone: true } : choice;
}

type Refusal = Location & { readonly state: 'not located' };

function refusing({ suggestion }: Subject, release: Release) {
  const name = sayRelease(place(release, suggestion.workload.namespace));
  return (why: string, reason: Refusal['reason'] = 'rendered'): Refusal => {
    const lookedAt = filesOfRelease(release);
    return {
      state: 'not located',
      suggestion,
      reason,
      why: `${name}: ${why}`,
      lookedAt,
      snippet: snippetOf(suggestion),
    };
  };
}

function mergeAll(layers: readonly LoadedLayer[], { texts }: Session): Json {
  return layers.reduce<Json>((merged, { values, file }) => {
    texts.effort.spend(file.text.length / IN_A_UNIT.looks);
    return mergeValues(merged, values);
  }, {});
}

/** By the keys that the chart documents, where it is one of those, else by name and size. */
export function findKey(values: Json, release: string, chart: string, subject: Subject): ConventionalKey | string {
  const own = chart === APP_TEMPLATE ? findInControllers(values, release, subject) : undefined;
  if (typeof own === 'string') return own;
  if (own) {
    const known = 'where the chart reads them for this container, and holds the live values';
    return agrees(own.resources, subject.live)
      ? { block: own.block, known }
      : `${own.block.join('.')} in its values does not hold the live values`;
  }
  const block = findByConvention({ release, chart, values }, subject);
  return typeof block === 'string' ? block : { block, known: 'the only value that its name and its size fit' };
}

/** What the block does not have yet. */
function changesAt(block: Path, resources: Json | undefined, { suggestion }: Subject): KeyChange[] {
  const sections = [['limits', suggestion.limit] as const, ['requests', suggestion.request] as const];
  return sections.flatMap(([section, value]) => {
    const now = memoryOf(resources, section);
    if (!value || (now.state === 'set' && now.bytes === value.to)) return [];
    return [{ key: { path: [...block, section, 'memory'], form: 'block' as const }, size: value.to }];
  });
}
