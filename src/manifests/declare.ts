import { readJvmSizing } from '../jvm-flags.ts';
import { createLimiter } from '../limit.ts';
import type {
  Application,
  DecidedBy,
  Declared,
  DeclaredContainer,
  DeclaredValue,
  DeclaredWorkload,
  Unread,
} from '../model/declared.ts';
import type { JvmSizing } from '../model/jvm.ts';
import { groupOf, kindOf, podSpecPath, workloadKinds } from '../model/kinds.ts';
import { WHOLE_POD } from '../model/workload.ts';
import { isCount } from '../plausible.ts';
import { isObject, type Json, type Path, valueAt } from './documents.ts';
import { withinEffort } from './effort.ts';
import { memoryOf, type Section, writtenIn } from './memory.ts';

/** Whether a workload of the kinds that are inspected may stand in a text. */
export function mayDeclare(text: string): boolean {
  const names = (said: string) => workloadKinds.some((kind) => said.includes(kind));
  return names(text) || (text.includes('\\') && names(text.replace(ESCAPES, letterOf)));
}

/** How a letter, or nothing, may be written between double quotes: `\x44`, `\u0044`, a line that goes on. */
const ESCAPES = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|\r?\n[ \t]*)/g;

function letterOf(_: string, ...[x, u, long]: readonly (string | undefined)[]): string {
  const code = x ?? u ?? long;
  const point = code === undefined ? undefined : Number.parseInt(code, 16);
  return point === undefined || point > 0x10ffff ? '' : String.fromCodePoint(point);
}

/** An object that may be a workload, with the application that declares it. */
export interface DeclaringObject {
  readonly application: Application;
  readonly workload: DeclaredWorkload;
  readonly value: Json;
}

/** What decides a value that is there, at the path within the object of the container's `resources`. */
export type Decide = (resources: Path, section: Section, container: string) => Promise<DecidedBy>;

/** The containers of an object, native sidecars and its pod as a whole included; none where it is no workload that is inspected. */
export async function declareContainers(object: DeclaringObject, decide: Decide): Promise<DeclaredContainer[]> {
  const { application, workload, value } = object;
  const known = kindOf(workload.kind);
  if (!known || groupOf(known.apiVersion) !== workload.group) return [];
  const declared: DeclaredContainer[] = [];
  const replicas = replicasOf(known.replicas, value);
  for (const { name, kind, at } of containersOf(workload.kind, value)) {
    const resources = [...at, 'resources'];
    const read = async (section: Section): Promise<DeclaredValue> => {
      const setting = memoryOf(valueAt(value, resources), section);
      if (setting.state === 'absent') return { setting, decidedBy: { state: 'nothing' } };
      const written = setting.state === 'unknown' ? { written: writtenIn(valueAt(value, resources), section) } : {};
      return { setting, decidedBy: await decide(resources, section, name), ...written };
    };
    const [limit, request] = [await read('limits'), await read('requests')];
    const jvm = kind === 'pod' ? undefined : jvmOf(valueAt(value, at));
    const image = imageOf(valueAt(value, [...at, 'image']));
    const more = { ...(jvm && { jvm }), ...(image && { image }), ...(replicas === undefined ? {} : { replicas }) };
    declared.push({ application, workload, name, kind, limit, request, ...more });
  }
  return declared;
}

/** How many pods the object asks for; a DaemonSet's depend on the nodes. */
function replicasOf(stands: NonNullable<ReturnType<typeof kindOf>>['replicas'], value: Json): number | undefined {
  if (stands === 'status.desiredNumberScheduled') return undefined;
  const said = stands === 'one' ? 1 : (valueAt(value, ['spec', 'replicas']) ?? 1);
  return isCount(said) ? said : undefined;
}

/** The name of an image, whatever its version. */
function imageOf(image: Json | undefined): string | undefined {
  if (typeof image !== 'string') return undefined;
  const [tagged = ''] = image.split('@', 1);
  const at = tagged.lastIndexOf(':');
  return at > tagged.lastIndexOf('/') ? tagged.slice(0, at) : tagged;
}

/** What of a container's spec is text, whatever else a manifest has there. */
function jvmOf(container: Json | undefined): JvmSizing | undefined {
  const texts = (list: Json | undefined) =>
    Array.isArray(list) ? list.filter((item: Json): item is string => typeof item === 'string') : [];
  const env = valueAt(container, ['env']);
  return readJvmSizing({
    command: texts(valueAt(container, ['command'])),
    args: texts(valueAt(container, ['args'])),
    env: (Array.isArray(env) ? env : []).flatMap((item: Json) => {
      const [name, value] = [valueAt(item, ['name']), valueAt(item, ['value'])];
      return typeof name === 'string' && typeof value === 'string' ? [{ name, value }] : [];
    }),
  });
}

/** Where it does not matter what decides the values. */
export const NOT_LOOKED_FOR: Decide = async () => ({ state: 'not known' });

interface FoundContainer extends Pick<DeclaredContainer, 'name' | 'kind'> {
  readonly at: Path;
}

function containersOf(kind: string, value: Json): FoundContainer[] {
  const spec = podSpecPath(kind);
  const bounds = memoryOf(valueAt(value, [...spec, 'resources']), 'limits').state !== 'absent';
  const whole: FoundContainer[] = bounds ? [{ name: WHOLE_POD, kind: 'pod', at: spec }] : [];
  const containers = ['containers', 'initContainers'].flatMap((list): FoundContainer[] => {
    const items = valueAt(value, [...spec, list]);
    if (!Array.isArray(items)) return [];
    return items.flatMap((item: Json, index): FoundContainer[] => {
      if (!isObject(item) || typeof item.name !== 'string') return [];
      if (list === 'initContainers' && item.restartPolicy !== 'Always') return [];
      const sort = list === 'initContainers' ? 'sidecar' : 'container';
      return [{ name: item.name, kind: sort, at: [...spec, list, index] }];
    });
  });
  return [...containers, ...whole];
}

/** What could not be read, as all that is declared. */
export function onlyUnread(unread: Unread): Declared {
  return { containers: [], unread: [unread] };
}

const AT_ONCE = 4;

/** Reads applications or files, several at a time, and gives what they declare in their order. */
export async function readEach<Item>(
  items: readonly Item[],
  pathOf: (item: Item) => string,
  read: (item: Item) => Promise<Declared>,
): Promise<Declared> {
  const turns = createLimiter(AT_ONCE);
  const all = await Promise.all(
    items.map((item) =>
      turns(async () => {
        const declared = await withinEffort(() => read(item));
        if (!('reason' in declared)) return declared;
        return onlyUnread({ path: pathOf(item), reason: declared.reason, why: declared.why });
      }),
    ),
  );
  return {
    containers: all.flatMap(({ containers }) => containers),
    unread: all.flatMap(({ unread }) => unread),
  };
}
