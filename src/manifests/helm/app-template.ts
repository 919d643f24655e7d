import { isObject, type Json, mapAt, type Path, textAt, valueAt } from '../documents.ts';
import type { Subject } from './match-release.ts';
import { mergeValues } from './values.ts';

/** The generic chart whose values give every container by the names of its controller and of itself. */
export const APP_TEMPLATE = 'app-template';

/** The `resources` of a container, where they stand or belong. */
interface ContainerResources {
  readonly block: Path;
  /** As the container gets them. */
  readonly resources: Json;
}

/**
 * Where the values of an `app-template` release give a container's `resources`, or why that is not known; `undefined` where
 * they have no `controllers`, as those of its first versions.
 */
export function findInControllers(
  values: Json,
  release: string,
  { suggestion, live }: Pick<Subject, 'suggestion' | 'live'>,
): ContainerResources | string | undefined {
  if (!isObject(valueAt(values, ['controllers']))) return undefined;
  const { kind, name } = suggestion.workload;
  const controllers = enabledIn(values, 'controllers');
  const full = fullName(values, release);
  const making = controllers.filter(([id, controller]) => {
    const type = textAt(controller, 'type') ?? 'deployment';
    return type === kind.toLowerCase() && namesOf(id, controller, full, controllers.length).includes(name);
  });
  const [own, ...more] = making;
  if (!own) return `none of its controllers makes a ${kind} of that name`;
  if (more.length > 0) return `its controllers ${making.map(([id]) => id).join(' and ')} could both make it`;
  const [id, controller] = own;
  const list = live.kind === 'sidecar' ? 'initContainers' : 'containers';
  const [container] = enabledIn(controller, list).filter(([key, one]) => nameOf(key, one, release) === live.name);
  const at: Path = ['controllers', id];
  if (!container) return `${[...at, list].join('.')} has no container of that name`;
  return resourcesIn(controller, at, list, container[0]);
}

type Named = readonly [id: string, value: Json];

/** What is not switched off among the maps below a key. */
function enabledIn(value: Json, key: string): Named[] {
  return Object.entries(mapAt(value, key)).filter(([, one]) => isObject(one) && one.enabled !== false);
}

function fullName(values: Json, release: string): string {
  const text = (key: string) => textAt(mapAt(values, 'global'), key) ?? textAt(values, key);
  const override = text('fullnameOverride');
  if (override !== undefined) return filled(override, release);
  const name = filled(textAt(mapAt(values, 'global'), 'nameOverride') ?? release, release);
  return release.includes(name) ? release : `${release}-${name}`;
}

/** The names that versions of the chart give to what a controller makes. */
function namesOf(id: string, controller: Json, full: string, count: number): string[] {
  const text = (key: string) => {
    const written = textAt(controller, key);
    return written === undefined ? undefined : filled(written, full);
  };
  const renamed = text('forceRename');
  if (renamed !== undefined) return [renamed.toLowerCase()];
  const override = text('nameOverride');
  if (override !== undefined) return [full, `${full}-${override}`].slice(override === full ? 0 : 1);
  const prefix = text('prefix');
  const suffix = text('suffix');
  const before = prefix === undefined || prefix === full ? full : `${prefix}-${full}`;
  const isNamed = before === id || before.endsWith(`-${id}`) || id === 'main';
  // With one controller its id is added only on demand, which a longer name shows.
  const bases = [...(count === 1 || isNamed ? [before] : []), ...(before === id ? [] : [`${before}-${id}`])];
  const names = bases.map((base) => (suffix === undefined || base.endsWith(`-${suffix}`) ? base : `${base}-${suffix}`));
  return names.map((name) => name.toLowerCase());
}

function nameOf(key: string, container: Json, release: string): string {
  return filled(textAt(container, 'nameOverride') ?? key, release);
}

/** A text with the release's name filled in; any other template stays, and so fits no live name. */
function filled(text: string, release: string): string {
  return text.replaceAll(/\{\{-?\s?\.Release\.Name\s?-?\}\}/g, release);
}

const DEFAULTS: Path = ['defaultContainerOptions', 'resources'];

function resourcesIn(controller: Json, at: Path, list: string, id: string): ContainerResources | string {
  const block = [...at, list, id, 'resources'];
  const own = valueAt(controller, [list, id, 'resources']);
  const defaults = valueAt(controller, DEFAULTS);
  const apply = (where: string) =>
    where === 'containers' || valueAt(controller, ['applyDefaultContainerOptionsToInitContainers']) !== false;
  if (!hasKeys(defaults) || !apply(list)) return { block, resources: own ?? {} };
  if (valueAt(controller, ['defaultContainerOptionsStrategy']) === 'merge') {
    return { block, resources: hasKeys(own) ? mergeValues(defaults ?? {}, own ?? {}) : (defaults ?? {}) };
  }
  // Else a container's own `resources` replace those as a whole.
  if (hasKeys(own)) return { block, resources: own ?? {} };
  const sharing = ['containers', 'initContainers'].flatMap((where) =>
    enabledIn(controller, where).filter(([, one]) => apply(where) && !hasKeys(valueAt(one, ['resources']))),
  );
  const shared = [...at, ...DEFAULTS];
  if (sharing.length === 1) return { block: shared, resources: defaults ?? {} };
  return `${shared.join('.')} is shared by the containers ${sharing.map(([key]) => key).join(' and ')}`;
}

function hasKeys(value: Json | undefined): boolean {
  return isObject(value) && Object.keys(value).length > 0;
}
