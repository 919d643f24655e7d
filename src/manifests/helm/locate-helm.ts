import { stringify } from 'yaml';
import type { Bytes } from '../../bytes.ts';
import type { Location } from '../../model/location.ts';
import type { Suggestion } from '../../model/suggestion.ts';
import { type WorkloadRef, workloadKey } from '../../model/workload.ts';
import { formatQuantity } from '../../quantity.ts';
import type { Json, Path } from '../documents.ts';
import { withinEffort } from '../effort.ts';
import { memoryOf, SECTIONS, type Section } from '../memory.ts';
import { findDefinitions } from '../plain/find-definitions.ts';
import { namespacesWith } from '../plain/locate-plain.ts';
import type { Miss, WhyNot } from '../readable.ts';
import { resourcesOf } from '../rendering/prove-change.ts';
import { snippetOf } from '../snippet.ts';
import { checkRelease, filesOfRelease, findRelease, type RenderedWorkload, type Subject } from './aim.ts';
import { waysToChange } from './choose-layers.ts';
import type { KeyChange } from './edit-values.ts';
import { locateUnproved } from './locate-unproved.ts';
import type { Hit } from './probe.ts';
import { prove } from './prove.ts';
import { sayRelease } from './release.ts';
import { HELM_MISSING, openSession, type Session, type SessionContext } from './session.ts';

export interface HelmContext extends SessionContext {
  /** Also change values of charts that are not in the repository, by convention. */
  readonly unproved: boolean;
}

/**
 * Where suggestions belong whose workloads Helm makes: the proved edit of a values file, or why there is none. What
 * nothing connects with Helm is left out of the result.
 */
export async function locateInHelm(
  suggestions: readonly Suggestion[],
  context: HelmContext,
): Promise<ReadonlyMap<Suggestion, Location>> {
  const subjects = subjectsOf(suggestions, context);
  const session = await withinEffort(() => openSession(context));
  if ('reason' in session) {
    return new Map(
      subjects.flatMap((subject) => {
        const location = overOf(subject, session);
        return location ? [[subject.suggestion, location] as const] : [];
      }),
    );
  }
  const sizes = new Set(subjects.flatMap(({ live }) => SECTIONS.flatMap((section) => sizeOf(live, section) ?? [])));
  const located = await Promise.all(
    subjects.map(async (subject) => {
      const found = await withinEffort(() => locateOne(subject, session, sizes, context));
      const location = found === undefined || 'state' in found ? found : overOf(subject, found);
      return [subject.suggestion, location] as const;
    }),
  );
  return new Map(
    located.flatMap(([suggestion, location]) => (location ? [[suggestion, existing(location, session)] as const] : [])),
  );
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

type Around = Pick<SessionContext, 'index' | 'workloads'>;

function subjectsOf(suggestions: readonly Suggestion[], context: Around): Subject[] {
  const { workloads } = context;
  const byKey = new Map(workloads.map((workload) => [workloadKey(workload.ref), workload]));
  return suggestions.flatMap((suggestion) => {
    const workload = byKey.get(workloadKey(suggestion.workload));
    const live = workload?.containers.find(({ name }) => name === suggestion.container);
    if (!workload?.edit.allowed || !live) return [];
    return [{ suggestion, workload, live, plain: isPlain(suggestion.workload, context) }];
  });
}

function sizeOf(live: Subject['live'], section: Section): Bytes | undefined {
  const setting = section === 'limits' ? live.limit : live.request;
  return setting.state === 'set' ? setting.bytes : undefined;
}

async function locateOne(
  subject: Subject,
  session: Session,
  sizes: ReadonlySet<number>,
  context: HelmContext,
): Promise<Location | undefined> {
  // Manifests that were rendered once and committed still bear Helm's labels.
  const { suggestion, plain } = subject;
  const remote = plain ? undefined : await locateUnproved(subject, session, context.unproved);
  if (remote) return remote;
  const match = await findRelease(subject, session);
  if (!match || (plain && 'reason' in match)) return undefined;
  if ('reason' in match) return notLocated(suggestion, match);
  const refusal = checkRelease(subject, match);
  if (refusal) return notLocated(suggestion, refusal);

  const wanted = wantedOf(suggestion, match);
  const changes = await findKeys(subject, match, wanted, session, sizes);
  if (!Array.isArray(changes)) {
    return notLocated(suggestion, { ...(changes as WhyNot), lookedAt: filesOfRelease(match.loaded.release) });
  }
  return tryWays(subject, match, wanted, changes, session);
}

function isPlain(ref: WorkloadRef, { index, workloads }: Around): boolean {
  const { matches } = findDefinitions(index, ref, namespacesWith(ref, workloads));
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
  sizes: ReadonlySet<number>,
): Promise<KeyChange[] | WhyNot> {
  const changes = new Map<string, KeyChange>();
  for (const section of SECTIONS) {
    const size = wanted[section];
    if (size === undefined) continue;
    const unset = memoryOf(resourcesOf(match), section).state !== 'set';
    const probe = await session.probed(match.loaded, sizes, unset);
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
    const why = `${sayRelease(loaded.release)}: no values file moves it, a parameter in ${loaded.release.definedIn} may set it (${parameter})`;
    return { reason: 'rendered', why };
  }
  const source = /^# Source: ([^\n]+)$/m.exec(object.text)?.[1]?.trim();
  const where = source === undefined ? 'its template' : `the template ${source}`;
  return { reason: 'template', why: `${sayRelease(loaded.release)}: no value moves it, ${where} writes it itself` };
}

function shared(paths: readonly Path[], strange: Hit | undefined, match: RenderedWorkload, container: string): WhyNot {
  const keys = paths.map(sayPath).join(' and ');
  const name = sayRelease(match.loaded.release);
  if (!strange) return { reason: 'ambiguous', why: `${name}: several values move it: ${keys}` };
  const [, , kind, object] = strange.id.split('/');
  const what =
    strange.container === undefined
      ? `something else in ${kind === undefined ? strange.id : `${kind} ${object}`}`
      : strange.container === container && strange.id === match.object.id
        ? 'the other of its two values'
        : `the container ${strange.container} of ${kind} ${object}`;
  return { reason: 'rendered', why: `${name}: the value ${keys} is shared, it also moves ${what}` };
}

/** `web.resources`, `services[0].resources`. */
function sayPath(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

async function tryWays(
  { suggestion }: Subject,
  match: RenderedWorkload,
  wanted: Wanted,
  changes: readonly KeyChange[],
  session: Session,
): Promise<Location> {
  const { release } = match.loaded;
  let first: WhyNot | undefined;
  for (const way of waysToChange(match.loaded, changes)) {
    if ('reason' in way) {
      first ??= way;
      // A file that must not be edited is not to be worked around.
      if (['hands off', 'encrypted', 'generated'].includes(way.reason)) break;
      continue;
    }
    const texts = new Map(way.edits.map(({ path, after }) => [path, after]));
    const others = await session.others(release, [...texts.keys()]);
    const proof = await prove({ ...match, wanted }, texts, others, session.renderer);
    if ('reason' in proof) {
      first ??= proof;
      continue;
    }
    const [edit] = way.edits;
    if (!edit) continue;
    const edits = way.edits.flatMap((one) => one.edits);
    return { state: 'located', suggestion, path: edit.path, line: edit.line, edits, newFiles: [], proof };
  }
  const refusal = first ?? { reason: 'not editable' as const, why: 'no layer of its values can be edited' };
  const snippet = valuesSnippet(sayRelease(release), changes);
  return { ...notLocated(suggestion, { ...refusal, lookedAt: filesOfRelease(release) }), snippet };
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
