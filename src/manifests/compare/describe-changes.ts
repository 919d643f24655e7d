import { type Bytes, bytes } from '../../bytes.ts';
import type { Application, DecidedBy, DeclaredContainer, DeclaredValue } from '../../model/declared.ts';
import type { ContainerChange, Place, SizedField, ValueChange } from '../../model/gate.ts';
import { WHOLE_POD } from '../../model/workload.ts';
import { addTo } from '../../text/add-to.ts';
import { compareText } from '../../text/format.ts';
import type { Way } from '../way.ts';
import { type ContainerPair, inApplication, isAlike, isSame } from './pair-containers.ts';

/** Lines of files as a change shows them. */
export interface ShownLines {
  /** The line of the file that is shown for a line of the head; `undefined` where it has none. */
  shownLine(path: string, line: number): Promise<number | undefined>;
  /** The line of the head where a line of the base stood. */
  lineOfRemoval(path: string, line: number): Promise<number | undefined>;
}

export interface ChangeContext {
  readonly base: readonly Way[];
  readonly head: readonly Way[];
  readonly lines: ShownLines;
  /** Of the changed files those that an application loads. */
  changedIn(application: Application): readonly string[];
}

const FIELDS: readonly SizedField[] = ['limit', 'request'];

/**
 * The pairs as changes, with what decides each value of the head and where that is shown. Looks for it only in the
 * applications in which something changes. `after` is all that the head declares of what is reached.
 */
export async function describeChanges(
  pairs: readonly ContainerPair[],
  after: readonly DeclaredContainer[],
  context: ChangeContext,
): Promise<ContainerChange[]> {
  const decided = await readDecided(
    context.head,
    pairs.flatMap((pair) => pair.after ?? []),
  );
  const found = pairs.map((pair) => ({ pair, own: pair.after && decided.take(pair.after) }));
  const elsewhere = found.flatMap(({ pair, own }) =>
    pair.before && own && isDecidedElsewhere(pair.before, own, context) ? [pair.before] : [],
  );
  const before = await readDecided(context.base, elsewhere);
  const podRequests = sumRequests(after);
  const changes: ContainerChange[] = [];
  for (const { pair, own } of found) {
    const one = pair.after ?? pair.before;
    const other = pair.before && before.take(pair.before);
    const value = (field: SizedField) =>
      describeValue({ before: other?.[field] ?? pair.before?.[field], after: own?.[field] }, one, context);
    const [limit, request] = [await value('limit'), await value('request')];
    const podRequest = pair.after && podRequests.get(podKey(pair.after));
    changes.push({
      kind: pair.before === undefined ? 'added' : pair.after === undefined ? 'removed' : 'changed',
      application: applicationOf(pair),
      workload: one.workload,
      container: one.name,
      sort: one.kind,
      ...(pair.former && { former: { workload: pair.former.workload, container: pair.former.name } }),
      limit: withPlace(limit, request, one, context),
      request,
      jvm: {
        ...(pair.before?.jvm && { before: pair.before.jvm }),
        ...(pair.after?.jvm && { after: pair.after.jvm }),
      },
      ...(one.replicas === undefined ? {} : { replicas: one.replicas }),
      ...(podRequest === undefined ? {} : { podRequest }),
    });
  }
  return changes.sort((a, b) => compareText(sortKey(a), sortKey(b)));
}

/** Whether a value changes by what is no longer there: nothing decides it, or what the change does not touch. */
function isDecidedElsewhere(
  before: DeclaredContainer,
  after: DeclaredContainer,
  { changedIn }: ChangeContext,
): boolean {
  return FIELDS.some((field) => {
    const [old, { decidedBy }] = [before[field], after[field]];
    if (old.setting.state === 'absent' || isSame(old, after[field])) return false;
    return decidedBy.state === 'line'
      ? !changedIn(after.application).includes(decidedBy.path)
      : decidedBy.state === 'nothing';
  });
}

/** What was applied here is judged for here, whatever the head says of where it goes. */
function applicationOf(pair: ContainerPair): Application {
  const { application } = pair.after ?? pair.before;
  const wasHere = pair.before !== undefined && pair.before.application.cluster === undefined;
  const { cluster, ...here } = application;
  return wasHere ? here : application;
}

/** The containers again, with what decides their values. */
async function readDecided(ways: readonly Way[], wanted: readonly DeclaredContainer[]) {
  const found = new Map<string, DeclaredContainer[]>();
  for (const way of ways) {
    const own = wanted.filter(({ application }) => application.way === way.name);
    if (own.length === 0) continue;
    const { containers } = await way.read({ only: new Set(own.map(({ application }) => application.name)) });
    for (const one of containers) addTo(found, inApplication(one), one);
  }
  return {
    /** The container itself where it is not found again, which a budget may prevent. One may be declared twice, with other values. */
    take(one: DeclaredContainer): DeclaredContainer {
      const same = found.get(inApplication(one)) ?? [];
      const at = same.findIndex((other) => isAlike(one, other));
      return same.splice(at, at < 0 ? 0 : 1)[0] ?? one;
    },
  };
}

const NOTHING: DeclaredValue = { setting: { state: 'absent' }, decidedBy: { state: 'nothing' } };

async function describeValue(
  { before = NOTHING, after = NOTHING }: { readonly before?: DeclaredValue; readonly after?: DeclaredValue },
  { application }: DeclaredContainer,
  context: ChangeContext,
): Promise<ValueChange> {
  const { decidedBy, setting, written } = after;
  const at = isSame(before, after) ? undefined : await findPlace(before.decidedBy, decidedBy, application, context);
  return {
    before: before.setting,
    after: setting,
    decidedBy,
    ...(written === undefined ? {} : { written }),
    ...(at === undefined ? {} : { at }),
  };
}

/** Of heap flags alone only the file is known. */
function withPlace(
  limit: ValueChange,
  request: ValueChange,
  { application }: DeclaredContainer,
  { changedIn }: ChangeContext,
): ValueChange {
  const [path] = (limit.at ?? request.at) ? [] : changedIn(application);
  return path === undefined ? limit : { ...limit, at: { path } };
}

/**
 * Where a change is shown: what decides the new value, where the old one stood, else a changed file that is loaded; what
 * decides it in a file that the change does not touch is only shown where nothing else is.
 */
async function findPlace(
  before: DecidedBy,
  after: DecidedBy,
  application: Application,
  { lines, changedIn }: ChangeContext,
): Promise<Place | undefined> {
  const changed = changedIn(application);
  if ('path' in after && (changed.length === 0 || changed.includes(after.path))) {
    const line = after.state === 'line' ? await lines.shownLine(after.path, after.line) : undefined;
    return { path: after.path, ...(line === undefined ? {} : { line }) };
  }
  if (before.state === 'line' && changed.includes(before.path)) {
    const line = await lines.lineOfRemoval(before.path, before.line);
    const shown = line && (await lines.shownLine(before.path, line));
    if (shown) return { path: before.path, line: shown };
  }
  const path = changed.find((one) => one === application.path) ?? changed[0];
  return path === undefined ? undefined : { path };
}

function podKey({ application, workload: { group, kind, namespace, name } }: DeclaredContainer): string {
  return JSON.stringify([application.way, application.name, group, kind, namespace, name]);
}

/** What each pod asks for: as a whole where it says so, else its containers together; a limit alone is asked for, too. */
function sumRequests(containers: readonly DeclaredContainer[]): ReadonlyMap<string, Bytes> {
  const pods = new Map<string, DeclaredContainer[]>();
  for (const one of containers) addTo(pods, podKey(one), one);
  const sums = new Map<string, Bytes>();
  for (const [key, own] of pods) {
    const whole = own.find(({ name }) => name === WHOLE_POD);
    const counted = whole === undefined ? own : [whole];
    const asked = counted.map(({ request, limit }) => (request.setting.state === 'absent' ? limit : request).setting);
    if (asked.some(({ state }) => state === 'unknown')) continue;
    const sum = asked.reduce((total, setting) => total + (setting.state === 'set' ? setting.bytes : 0), 0);
    sums.set(key, bytes(sum));
  }
  return sums;
}

function sortKey({ application, workload, container }: ContainerChange): string {
  return [application.way, application.name, workload.namespace ?? '', workload.kind, workload.name, container].join(
    '\n',
  );
}
