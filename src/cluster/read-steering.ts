import type { QualityNote, SteeredBy, Steering, WorkloadRef } from '../model/workload.ts';
import type { ApiHpa } from './api-types.ts';
import { readApiGroups } from './read-api-groups.ts';
import { type Everywhere, type Reader, readEverywhere } from './read-everywhere.ts';
import type { ReadScope } from './scope.ts';
import { targetKey } from './steerer-objects.ts';
import { type KnownSteerer, STEERERS, type SteeredTarget } from './steerers.ts';

/** What steers the memory of workloads besides their manifests, as far as objects say. */
export interface Steerings {
  /** What sets its sizes, or whether that is not known. */
  readonly sizes: (ref: WorkloadRef) => SizeSteering;
  readonly memoryHpa: (ref: WorkloadRef) => Steering;
  readonly notes: readonly QualityNote[];
}

export interface SizeSteering {
  readonly state: Steering;
  readonly by?: SteeredBy;
  /** Steerers of which it is not known, because their objects could not be read. */
  readonly unread: readonly string[];
}

type Steerer = KnownSteerer & { readonly objects: NonNullable<KnownSteerer['objects']> };
type Targets = Everywhere<SteeredTarget>;

const WITH_OBJECTS = STEERERS.filter((one): one is Steerer => one.objects !== undefined);

/** Reads what scales or sizes workloads in the scope, as far as there is such an API and the rights allow. */
export async function readSteering(reader: Reader, scope: ReadScope): Promise<Steerings> {
  const hpaResource = { api: 'apis/autoscaling/v2', name: 'horizontalpodautoscalers' };
  const [hpas, read] = await Promise.all([
    readEverywhere(reader, scope, hpaResource, targetOfHpa),
    readSizers(reader, scope),
  ]);
  const hpaUnread = unreadOf(hpas);
  const byMemory = new Set(hpas.items);
  const titles = [
    ...read.filter(({ unread }) => unread.size > 0).map(({ steerer }) => steerer.objects.title),
    ...(hpaUnread.size > 0 ? ['HorizontalPodAutoscalers'] : []),
  ];
  return {
    sizes: (ref) => steeringOf(ref, read),
    memoryHpa: (ref) => {
      if (byMemory.has(targetKey(ref.namespace, ref))) return 'steered';
      return isUnread(hpaUnread, ref) ? 'unknown' : 'none';
    },
    notes: titles.length === 0 ? [] : [{ kind: 'info', text: sayUnread(titles) }],
  };
}

interface ReadSteerer {
  readonly steerer: Steerer;
  readonly targets: ReadonlyMap<string, SteeredTarget>;
  /** Namespaces that could not be read, '' for all. */
  readonly unread: ReadonlySet<string>;
  readonly asked: boolean;
}

async function readSizers(reader: Reader, scope: ReadScope): Promise<readonly ReadSteerer[]> {
  const groups = await readApiGroups(reader);
  return Promise.all(
    WITH_OBJECTS.filter(({ objects }) => groups?.has(objects.group) ?? true).map(async (steerer, index) => {
      const { group, version, resource, target } = steerer.objects;
      // Without the list of groups, only the one that is to be found everywhere is worth a question.
      if (!groups && index > 0) return { steerer, targets: new Map(), unread: new Set<string>(), asked: false };
      const served = groups?.get(group) ?? [];
      const api = `apis/${group}/${served.includes(version) ? version : (served[0] ?? version)}`;
      const list: Targets = await readEverywhere(reader, scope, { api, name: resource }, readable(target));
      return {
        steerer,
        targets: new Map(list.items.map((one) => [one.key, one])),
        unread: unreadOf(list),
        asked: true,
      };
    }),
  );
}

/** The definition of a foreign resource need not say of what kind its fields are: an object that is otherwise names nothing. */
function readable(target: Steerer['objects']['target']): Steerer['objects']['target'] {
  return (item) => {
    try {
      return target(item);
    } catch (cause) {
      if (cause instanceof TypeError) return undefined;
      throw cause;
    }
  };
}

function steeringOf(ref: WorkloadRef, read: readonly ReadSteerer[]): SizeSteering {
  const key = targetKey(ref.namespace, ref);
  const unread = read
    .filter(({ asked, unread: namespaces }) => !asked || isUnread(namespaces, ref))
    .map(({ steerer }) => steerer.name);
  for (const { steerer, targets } of read) {
    const found = targets.get(key);
    if (found === undefined) continue;
    const by = { name: steerer.name, ...(found.mode === undefined ? {} : { mode: found.mode }) };
    return { state: 'steered', by, unread };
  }
  return { state: unread.includes('VPA') ? 'unknown' : 'none', unread };
}

/** The key of the workload that an HPA scales by memory. */
export function targetOfHpa({ metadata, spec = {} }: ApiHpa): string | undefined {
  const byMemory = spec.metrics?.some(
    ({ type, resource, containerResource }) =>
      (type === 'Resource' && resource?.name === 'memory') ||
      (type === 'ContainerResource' && containerResource?.name === 'memory'),
  );
  return byMemory ? targetKey(metadata?.namespace, spec.scaleTargetRef) : undefined;
}

/** Without the definition of a resource there are none of it. */
function unreadOf({ failures }: Everywhere<unknown>): ReadonlySet<string> {
  const other = failures.filter(({ failure }) => failure.kind !== 'not found');
  return new Set(other.map(({ namespace }) => namespace ?? ''));
}

function isUnread(unread: ReadonlySet<string>, ref: WorkloadRef): boolean {
  return unread.has('') || unread.has(ref.namespace);
}

function sayUnread(titles: readonly string[]): string {
  const list = new Intl.ListFormat('en-GB').format(titles);
  return `${list} could not be read, so whether one manages a workload is unknown (needs the right to list them)`;
}
