import type { DeclaredContainer, DeclaredValue } from '../../model/declared.ts';
import { addTo } from '../../text/add-to.ts';
import { findFormer } from './find-former.ts';

/** A container on both sides of a change, or on one. */
export type ContainerPair =
  | { readonly before: DeclaredContainer; readonly after: DeclaredContainer; readonly former?: undefined }
  | { readonly before: DeclaredContainer; readonly after?: undefined; readonly former?: undefined }
  /** `former`: what is gone and had its place. */
  | { readonly before?: undefined; readonly after: DeclaredContainer; readonly former?: DeclaredContainer };

/**
 * The containers that differ in memory or heap flags. One that moved to another application (a file or folder that was
 * renamed) is the same one; so are those of a workload that was only renamed.
 */
export function pairContainers(
  before: readonly DeclaredContainer[],
  after: readonly DeclaredContainer[],
): readonly ContainerPair[] {
  const exact = pairBy(before, after, inApplication);
  const moved = pairBy(exact.before, exact.after, anywhere);
  const renamed = withoutRenamed(moved.before, moved.after);
  const pairs = [...exact.pairs, ...moved.pairs].filter((pair) => !isAlike(pair.before, pair.after));
  const former = findFormer(renamed.before, renamed.after);
  const made = renamed.after.map((after) => ({ after, ...(former.has(after) && { former: former.get(after) }) }));
  return [...pairs, ...made, ...renamed.before.map((one) => ({ before: one }))];
}

/** What tells a container from all others of a tree, but for those that are declared twice. */
export function inApplication({ application, ...one }: DeclaredContainer): string {
  return JSON.stringify([application.way, application.name, ...identity(one)]);
}

function anywhere({ application: { cluster }, ...one }: DeclaredContainer): string {
  return JSON.stringify([cluster ?? null, ...identity(one)]);
}

function identity({ workload, name }: Pick<DeclaredContainer, 'workload' | 'name'>): readonly string[] {
  return [workload.group, workload.kind, workload.namespace ?? '', workload.name, name];
}

interface Pairing {
  readonly pairs: readonly { readonly before: DeclaredContainer; readonly after: DeclaredContainer }[];
  readonly before: readonly DeclaredContainer[];
  readonly after: readonly DeclaredContainer[];
}

function pairBy(
  before: readonly DeclaredContainer[],
  after: readonly DeclaredContainer[],
  keyOf: (one: DeclaredContainer) => string,
): Pairing {
  const waiting = new Map<string, DeclaredContainer[]>();
  for (const one of before) addTo(waiting, keyOf(one), one);
  const pairs: Pairing['pairs'][number][] = [];
  const left: DeclaredContainer[] = [];
  for (const one of after) {
    const other = waiting.get(keyOf(one))?.shift();
    if (other === undefined) left.push(one);
    else pairs.push({ before: other, after: one });
  }
  return { pairs, before: [...waiting.values()].flat(), after: left };
}

/** Whether nothing that is judged differs. */
export function isAlike(a: DeclaredContainer, b: DeclaredContainer): boolean {
  return isSame(a.limit, b.limit) && isSame(a.request, b.request) && JSON.stringify(a.jvm) === JSON.stringify(b.jvm);
}

/** Whether a value is the same on both sides. */
export function isSame(a: DeclaredValue, b: DeclaredValue): boolean {
  return JSON.stringify([a.setting, a.written]) === JSON.stringify([b.setting, b.written]);
}

/**
 * Without the workloads that only have another name: of those that are gone and those that are new in an application, those
 * whose containers are the same, as many as there are on both sides.
 */
function withoutRenamed(before: readonly DeclaredContainer[], after: readonly DeclaredContainer[]) {
  const [gone, made] = [workloadsOf(before), workloadsOf(after)];
  const waiting = new Map<string, (readonly DeclaredContainer[])[]>();
  for (const containers of gone) addTo(waiting, shapeOf(containers), containers);
  const same = new Set<readonly DeclaredContainer[]>();
  for (const containers of made) {
    const other = waiting.get(shapeOf(containers))?.shift();
    if (other === undefined) continue;
    same.add(other);
    same.add(containers);
  }
  const left = (all: readonly (readonly DeclaredContainer[])[]) => all.filter((one) => !same.has(one)).flat();
  return { before: left(gone), after: left(made) };
}

function workloadsOf(containers: readonly DeclaredContainer[]): readonly (readonly DeclaredContainer[])[] {
  const workloads = new Map<string, DeclaredContainer[]>();
  for (const one of containers) {
    const { application, workload } = one;
    const { group, kind, namespace, name } = workload;
    addTo(workloads, JSON.stringify([application.way, application.name, group, kind, namespace, name]), one);
  }
  return [...workloads.values()];
}

/** Everything of a workload but its name; what an application is called changes with a file's name, too. */
function shapeOf(containers: readonly DeclaredContainer[]): string {
  const [first] = containers;
  const { group, kind, namespace } = first?.workload ?? {};
  const own = containers.map(({ name, limit, request, jvm }) =>
    JSON.stringify([name, limit.setting, limit.written, request.setting, request.written, jvm]),
  );
  return JSON.stringify([first?.application.way, group, kind, namespace, own.sort()]);
}
