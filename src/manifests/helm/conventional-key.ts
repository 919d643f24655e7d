import { isObject, type Json, type Path, textAt, valueAt } from '../documents.ts';
import { memoryOf, type Section } from '../memory.ts';
import type { Subject } from './match-release.ts';
import { findMemoryKeys } from './memory-keys.ts';

/** A chart of which only the values are known. */
interface UnseenChart {
  readonly release: string;
  readonly chart: string;
  readonly values: Json;
}

/** The one `resources` of some values that conventions give to the container and whose sizes are the live ones, or why there is none. */
export function findByConvention(unseen: UnseenChart, subject: Subject): Path | string {
  const { live } = subject;
  // By convention, `resources` are a container's.
  if (live.kind === 'pod') return 'no convention tells which of its values are those of the pod as a whole';
  const blocks = blocksIn(unseen.values);
  const equal = blocks.filter((block) => agrees(valueAt(unseen.values, block), live));
  if (equal.length === 0) return 'no resources in its values have the live values';
  const names = namesOf(unseen, subject);
  const fitting = equal.filter((block) => fits(block, names));
  const [only, ...more] = fitting;
  const said = equal.map((block) => block.join('.')).join(' and ');
  if (!only) return `${said} has the live values, but may be another component's`;
  if (more.length > 0) return 'several resources in its values have the live values';
  const rival = isOwned(only, names) ? undefined : blocks.find((block) => block !== only && isOwned(block, names));
  if (!rival) return only;
  return `${said} has the live values, but ${rival.join('.')} has the name`;
}

function blocksIn(values: Json): Path[] {
  const keys = findMemoryKeys(values, [], new Set(), false).filter(({ form }) => form === 'block');
  const blocks = new Map(keys.map(({ path }) => [JSON.stringify(path.slice(0, -2)), path.slice(0, -2)]));
  return [...blocks.values()];
}

/** Whether some `resources` set what the container has, limit and request. */
export function agrees(resources: Json | undefined, live: Subject['live']): boolean {
  return isEqual(resources, 'limits', live.limit) && isEqual(resources, 'requests', live.request);
}

function isEqual(resources: Json | undefined, section: Section, live: Subject['live']['limit']): boolean {
  if (!isObject(resources)) return false;
  const own = memoryOf(resources, section);
  if (own.state === 'set' && live.state === 'set') return own.bytes === live.bytes;
  return own.state === 'absent' && live.state === 'absent';
}

const ROLES = new Set(['primary', 'master', 'main', 'server', 'app', 'application']);

/** What names a container within its release, folded. */
interface ComponentNames {
  /** Of the component, the container and the workload: what a key for it may be called. */
  readonly own: ReadonlySet<string>;
  /** The words of the workload's name beyond the release's and the chart's; `undefined` where it is not made of them. */
  readonly beyond: readonly string[] | undefined;
  readonly component: string | undefined;
  readonly container: string | undefined;
}

function namesOf({ release, chart, values }: UnseenChart, { suggestion, workload, live }: Subject): ComponentNames {
  const { name } = suggestion.workload;
  const named = [textAt(values, 'fullnameOverride'), textAt(values, 'nameOverride')].filter((one) => one !== undefined);
  const full = [chart, ...named].flatMap((one) => [one, `${release}-${one}`]);
  const prefix = [release, ...full]
    .filter((one) => name === one || name.startsWith(`${one}-`))
    .sort((a, b) => b.length - a.length)[0];
  const beyond = prefix === undefined ? undefined : name.slice(prefix.length + 1);
  const { component } = workload.hints;
  const known = [component, live.name, name, beyond, ...name.split('-')].filter((one) => one !== undefined);
  const usual = [release, name, ...full].map(fold);
  const alone = workload.containers.length === 1 || usual.includes(fold(live.name)) || ROLES.has(fold(live.name));
  return {
    own: new Set(known.map(fold).filter((one) => one !== '')),
    beyond: beyond
      ?.split('-')
      .map(fold)
      .filter((one) => one !== ''),
    component: component === undefined ? undefined : fold(component),
    container: alone ? undefined : fold(live.name),
  };
}

/** Whether a key on the way to a block is the container's own, and not only that of a usual role. */
function isOwned(block: Path, { own }: ComponentNames): boolean {
  const owners = ownersOf(block) ?? [];
  return owners.some((owner) => own.has(owner)) && owners.every((owner) => own.has(owner) || ROLES.has(owner));
}

function ownersOf(block: Path): string[] | undefined {
  if (block.some((step) => typeof step === 'number') || block.at(-1) !== 'resources') return undefined;
  return block.slice(0, -1).map((step) => fold(String(step)));
}

/**
 * Whether the keys that lead to a block say all that tells the container from others of the release: `resources` alone are
 * those of the chart's main workload only.
 */
function fits(block: Path, { own, beyond, component, container }: ComponentNames): boolean {
  const owners = ownersOf(block);
  if (!owners?.every((owner) => own.has(owner) || ROLES.has(owner))) return false;
  const says = (word: string) => owners.some((owner) => owner.includes(word));
  const isSaid = (word: string) => ROLES.has(word) || says(word);
  if (container !== undefined && !isSaid(container)) return false;
  if (beyond === undefined) return component !== undefined && says(component);
  return beyond.every(isSaid) && (beyond.length === 0 || component === undefined || isSaid(component));
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
