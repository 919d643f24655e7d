import { stringify } from 'yaml';
import type { Bytes } from '../../bytes.ts';
import type { Location } from '../../model/location.ts';
import type { Suggestion } from '../../model/suggestion.ts';
import { type TemplateContainer, type WorkloadRef, workloadKey } from '../../model/workload.ts';
import { formatQuantity } from '../../quantity.ts';
import { isRaise, reachedPlaces, sayLowered } from '../deployed/reached-places.ts';
import type { Json, Path } from '../documents.ts';
import { withinEffort } from '../effort.ts';
import { type Appliers, findDefinitions } from '../find-definitions.ts';
import { memoryOf, SECTIONS, type Section } from '../memory.ts';
import type { Miss, WhyNot } from '../readable.ts';
import { resourcesOf } from '../rendering/prove-change.ts';
import { snippetOf } from '../snippet.ts';
import { reachesAbsent, sayCharts, TO_COMMIT } from './absent-charts.ts';
import { chooseLayers } from './choose-layers.ts';
import type { KeyChange } from './edit-values.ts';
import { findUndescribed } from './live-releases.ts';
import { locateInAbsent } from './locate-in-absent.ts';
import { locateUnproved } from './locate-unproved.ts';
import { checkRelease, filesOfRelease, findRelease, type RenderedWorkload, type Subject } from './match-release.ts';
import type { Hit } from './probe.ts';
import { type Other, prove } from './prove.ts';
import { sayOverlaid, whyNotOverlaid } from './prove-overlaid.ts';
import { appliersOf, sayRelease } from './release.ts';
import { HELM_MISSING, type Session, type SessionContext } from './session.ts';
import { refuseOutside } from './taken-in.ts';
import { templateOf } from './template-of.ts';

type Around = Pick<SessionContext, 'index' | 'workloads'> & { readonly appliers: Appliers };

export interface HelmContext extends Around {
  /** Also change values of charts that are not in the repository, by convention. */
  readonly unproved: boolean;
}

/**
 * Where a suggestion belongs whose workload Helm makes: the proved edit of a values file, or why there is none. `undefined`
 * where nothing connects it with Helm. `open` gives the session, or why the repository was not judged.
 */
export async function locateInReleases(
  suggestion: Suggestion,
  live: TemplateContainer,
  context: HelmContext,
  open: () => Promise<Session | Miss>,
): Promise<Location | undefined> {
  const key = workloadKey(suggestion.workload);
  const workload = context.workloads.find((one) => workloadKey(one.ref) === key);
  if (!workload?.edit.allowed) return undefined;
  const subject = { suggestion, workload, live, plain: isPlain(suggestion.workload, context) };
  const session = await open();
  if ('reason' in session) return overOf(subject, session);
  const found = await withinEffort(() => locateOne(subject, session, context.unproved));
  const location = found === undefined || 'state' in found ? found : overOf(subject, found);
  return location && existing(location, session);
}

/** Only files that are there are worth looking at. */
function existing(location: Location, { texts }: Session): Location {
  if (location.state === 'located') return location;
  return { ...location, lookedAt: location.lookedAt.filter((path) => texts.listed.has(path)) };
}

/** What is defined as it stands is found without Helm. */
function overOf({ suggestion, plain }: Subject, over: Miss): Location | undefined {
  return plain ? undefined : notLocated(suggestion, over);
}

async function locateOne(subject: Subject, session: Session, unproved: boolean): Promise<Location | undefined> {
  // Manifests that were rendered once and committed still bear Helm's labels.
  const { suggestion, plain } = subject;
  const remote = plain ? undefined : await locateUnproved(subject, session, unproved);
  if (remote) return remote;
  const match = await findRelease(subject, session);
  if (!match || (plain && 'reason' in match)) return undefined;
  if ('makers' in match) return locateInAbsent(match, subject, session, unproved);
  if ('reason' in match) return notLocated(suggestion, match);
  const refusal = checkRelease(subject, match);
  if (refusal) return notLocated(suggestion, refusal);

  const wanted = wantedOf(suggestion, match);
  const changes = await findKeys(subject, match, wanted, session);
  if (!Array.isArray(changes)) {
    return notLocated(suggestion, { ...(changes as WhyNot), lookedAt: filesOfRelease(match.loaded.release) });
  }
  return tryLayers(subject, match, wanted, changes, session);
}

function isPlain(ref: WorkloadRef, { index, appliers }: Around): boolean {
  const { matches } = findDefinitions(index, ref, appliers);
  return matches.some(({ file }) => file.renderedBy === undefined);
}

type Wanted = Partial<Record<Section, Bytes>>;

/** What the rendered container does not have yet. */
function wantedOf({ limit, request }: Suggestion, match: RenderedWorkload): Wanted {
  const resources = resourcesOf(match);
  const wanted: Wanted = {};
  for (const [section, value] of [['limits', limit] as const, ['requests', request] as const]) {
    const now = memoryOf(resources, section);
    if (value && !(now.state === 'set' && now.bytes === value.to)) wanted[section] = value.to;
  }
  return wanted;
}

/** For each wanted value the one key that moves it, and nothing but what is wanted. */
async function findKeys(
  { live }: Subject,
  match: RenderedWorkload,
  wanted: Wanted,
  session: Session,
): Promise<KeyChange[] | WhyNot> {
  const changes = new Map<string, KeyChange>();
  for (const section of SECTIONS) {
    const size = wanted[section];
    if (size === undefined) continue;
    const unset = memoryOf(resourcesOf(match), section).state !== 'set';
    const probe = await session.probed(match, unset);
    if (probe.state === 'missing') return { reason: 'rendered', why: HELM_MISSING };
    if (probe.state === 'over') return { reason: 'over budget', why: probe.why };
    if (probe.state === 'failed') {
      const why = `${sayRelease(match.loaded.release)}: helm refused the trial values that show which key is meant: ${probe.why}`;
      return { reason: 'rendered', why };
    }
    const moving = [...probe.hits].filter(([, hits]) => hits.some((hit) => isHit(hit, match, live.name, section)));
    const [only, ...more] = moving;
    if (!only) return noKey(match);
    const [key, hits] = only;
    const strange = hits.find(
      (hit) => !isHit(hit, match, live.name, hit.section) || wanted[hit.section ?? section] !== size,
    );
    if (strange || more.length > 0)
      return shared(
        moving.map(([one]) => one.path),
        strange,
        match,
        live.name,
      );
    changes.set(JSON.stringify(key.path), { key, size });
  }
  return [...changes.values()];
}

function isHit(hit: Hit, match: RenderedWorkload, container: string, section: Section | undefined): boolean {
  return section !== undefined && hit.id === match.object.id && hit.container === container && hit.section === section;
}

function noKey({ object, loaded }: RenderedWorkload): WhyNot {
  const parameter = loaded.release.set.find((pair) => /memory|resources/i.test(pair));
  if (parameter !== undefined) {
    const why = `${sayRelease(loaded.release)}: no values file changes it; a parameter in ${loaded.release.definedIn} may set it (${parameter}): change it there`;
    return { reason: 'rendered', why };
  }
  const source = templateOf(object.text);
  const where = source === undefined ? 'its template' : `the template ${source}`;
  return { reason: 'template', why: `${sayRelease(loaded.release)}: no value changes it; ${where} writes it` };
}

function shared(paths: readonly Path[], strange: Hit | undefined, match: RenderedWorkload, container: string): WhyNot {
  const keys = paths.map(sayPath).join(' and ');
  const name = sayRelease(match.loaded.release);
  if (!strange) return { reason: 'ambiguous', why: `${name}: several values change it: ${keys}` };
  const [, , kind, object] = strange.id.split('/');
  const what =
    strange.container === undefined
      ? `something else in ${kind === undefined ? strange.id : `${kind} ${object}`}`
      : strange.container === container && strange.id === match.object.id
        ? 'the other of its two values'
        : `the container ${strange.container} of ${kind} ${object}`;
  return { reason: 'rendered', why: `${name}: the value ${keys} is shared: it also changes ${what}` };
}

/** `web.resources`, `services[0].resources`. */
function sayPath(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

async function tryLayers(
  { suggestion }: Subject,
  match: RenderedWorkload,
  wanted: Wanted,
  changes: readonly KeyChange[],
  session: Session,
): Promise<Location> {
  const { release } = match.loaded;
  let first: WhyNot | undefined;
  const unseen = changes.find(({ key }) => reachesAbsent(match.loaded, key.path));
  if (unseen) {
    const charts = sayCharts(match.loaded.absent);
    const why = `${sayRelease(release)}: ${sayPath(unseen.key.path)} also reaches ${charts}, which charts/ lacks (${TO_COMMIT})`;
    return notLocated(suggestion, { reason: 'rendered', why, lookedAt: filesOfRelease(release) });
  }
  for (const choice of chooseLayers(match.loaded, changes)) {
    if ('reason' in choice) {
      first ??= choice;
      // A file that must not be edited is not to be worked around.
      if (['hands off', 'encrypted', 'generated'].includes(choice.reason)) break;
      continue;
    }
    const texts = new Map(choice.edits.map(({ path, after }) => [path, after]));
    const paths = [...texts.keys()];
    const outside = refuseOutside(paths, session.index);
    if (outside) {
      first ??= { ...outside, why: `${sayRelease(release)}: ${outside.why}` };
      continue;
    }
    const others = [
      ...findUndescribed(release, suggestion.workload, paths, session),
      ...(await session.others(release, paths)).map((other) => whole(other, changes)),
    ];
    const proof = await prove({ ...match, wanted }, texts, others, session.renderer);
    if ('reason' in proof) {
      first ??= proof;
      continue;
    }
    const overlaid = await whyNotOverlaid(release, texts, changes, session.rendering);
    if (overlaid) {
      first ??= overlaid;
      continue;
    }
    const [edit] = choice.edits;
    if (!edit) continue;
    const reaches = reachedPlaces([{ appliedBy: appliersOf(release) }], session.clusterName);
    if (reaches.length > 1 && !isRaise(suggestion)) {
      first ??= { reason: 'not editable', why: `${sayRelease(release)}: ${sayLowered(reaches)}` };
      continue;
    }
    const edits = choice.edits.flatMap((one) => one.edits);
    return {
      state: 'located',
      suggestion,
      path: edit.path,
      line: edit.line,
      edits,
      newFiles: [],
      proof: { ...proof, how: `${proof.how}${sayOverlaid(release)}` },
      ...(reaches.length > 1 ? { reaches } : {}),
    };
  }
  const refusal = first ?? { reason: 'not editable' as const, why: 'no layer of its values can be edited' };
  const snippet = valuesSnippet(sayRelease(release), changes);
  return { ...notLocated(suggestion, { ...refusal, lookedAt: filesOfRelease(release) }), snippet };
}

/** A release whose rendering leaves out what a change reaches counts as one that cannot be rendered. */
function whole(other: Other, changes: readonly KeyChange[]): Other {
  if ('reason' in other || !changes.some(({ key }) => reachesAbsent(other.loaded, key.path))) return other;
  const why = `charts/ lacks ${sayCharts(other.loaded.absent)}`;
  return { reason: 'rendered', why, name: sayRelease(other.loaded.release) };
}

/** The keys to set in the release's own values; only where no list is on the way, which would be replaced. */
function valuesSnippet(name: string, changes: readonly KeyChange[]): string {
  let values: Json = {};
  for (const { key, size } of changes) values = withValue(values, key.path, formatQuantity(size, 'Mi'));
  return `# values of the Helm release ${name}\n${stringify(values)}`;
}

function withValue(values: Json, path: Path, value: string): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') return [withValue({}, rest, value)];
  const map = typeof values === 'object' && values !== null && !Array.isArray(values) ? values : {};
  const inner = Object.hasOwn(map, step) ? (map as Record<string, Json>)[step] : undefined;
  return { ...map, [step]: withValue(inner ?? {}, rest, value) };
}

export function notLocated(
  suggestion: Suggestion,
  { reason, why, lookedAt }: Miss,
): Location & { state: 'not located' } {
  return { state: 'not located', suggestion, reason, why, lookedAt, snippet: snippetOf(suggestion) };
}
