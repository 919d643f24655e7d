import { isObject, itemsAt, type Json, mapAt, textAt } from '../documents.ts';
import { resolvePath } from '../reach.ts';
import {
  type ApplyingObject,
  type Deployed,
  type Home,
  type Overrides,
  placeWithin,
  UNKNOWN,
  type Unreadable,
} from './deployed.ts';
import { judgeSource } from './source.ts';

export const ARGO_GROUP = 'argoproj.io';

/** Nobody names more of one Application. */
const MOST_SOURCES = 100;

/** The sources of an Argo CD `Application`, each with its place in the object. */
export function sourcesOf(
  value: Json,
): readonly { readonly source: { readonly [key: string]: Json }; readonly at: readonly (string | number)[] }[] {
  const spec = mapAt(value, 'spec');
  const several = itemsAt(spec, 'sources')
    .slice(0, MOST_SOURCES)
    .flatMap((source, number) => (isObject(source) ? [{ source, at: ['spec', 'sources', number] }] : []));
  if (several.length > 0) return several;
  return isObject(spec.source) ? [{ source: spec.source, at: ['spec', 'source'] }] : [];
}

/** The folders that an Argo CD `Application` applies; none for a chart of a registry. */
export function readApplicationFolders(object: ApplyingObject, home: Home): (Deployed | Unreadable)[] {
  const destination = mapAt(mapAt(object.value, 'spec'), 'destination');
  const namespace = known(textAt(destination, 'namespace'));
  const named = textAt(destination, 'name') ?? textAt(destination, 'server');
  const cluster = known(named) ?? object.cluster;
  const seen = new Set<string>();
  return sourcesOf(object.value).flatMap(({ source, at }): (Deployed | Unreadable)[] => {
    const path = textAt(source, 'path');
    const folder = path === undefined ? undefined : resolvePath('', path.replace(/^\/+/, ''));
    if (folder === undefined || textAt(source, 'chart') !== undefined || seen.has(folder)) return [];
    seen.add(folder);
    const judged = judgeSource(known(textAt(source, 'repoURL')), known(textAt(source, 'targetRevision')), home);
    if (isObject(source.plugin) && judged.state === 'here') {
      return [{ definedIn: object.path, what: sayObject(object), why: 'a plugin renders what it applies', folder }];
    }
    const directory = mapAt(source, 'directory');
    return [
      {
        by: 'argo',
        name: object.name,
        ...(object.namespace === undefined ? {} : { objectNamespace: object.namespace }),
        definedIn: object.path,
        source: judged,
        folder,
        takes: {
          kind: 'argo',
          recurse: directory.recurse === true,
          ...textsOf(directory, ['include', 'exclude']),
        },
        ...(namespace === undefined ? {} : { namespace }),
        ...(cluster === undefined ? {} : { cluster }),
        onEachCluster: (object.onEachCluster ?? false) || (cluster === undefined && named !== undefined),
        ...overridesOf(object, source, at),
      },
    ];
  });
}

/** An Application as what applies something that is no folder of this repository. */
export function readApplier(object: ApplyingObject): Deployed {
  const destination = mapAt(mapAt(object.value, 'spec'), 'destination');
  const cluster = known(textAt(destination, 'name') ?? textAt(destination, 'server')) ?? object.cluster;
  return {
    by: 'argo',
    name: object.name,
    ...(object.namespace === undefined ? {} : { objectNamespace: object.namespace }),
    definedIn: object.path,
    source: { state: 'here' },
    folder: '',
    takes: { kind: 'argo', recurse: false },
    ...(cluster === undefined ? {} : { cluster }),
    onEachCluster: object.onEachCluster ?? false,
  };
}

/** A text for people. */
export function sayText(text: string): string {
  return text.replaceAll(UNKNOWN, '*');
}

export function sayObject({ kind, name, writtenBy }: ApplyingObject): string {
  const own = `the ${kind} ${sayText(name)}`;
  return writtenBy === undefined ? own : `${own} of ${writtenBy}`;
}

/** What of an Application changes what kustomize renders, but for labels and images. */
const OVERRIDES = ['patches', 'namespace', 'namePrefix', 'nameSuffix', 'components', 'replicas'];

function overridesOf(
  object: ApplyingObject,
  source: { readonly [key: string]: Json },
  at: readonly (string | number)[],
): { readonly overrides?: Overrides } {
  const value = mapAt(source, 'kustomize');
  if (!OVERRIDES.some((key) => value[key] !== undefined && value[key] !== null)) return {};
  return { overrides: { value, ...placeWithin(object, [...at, 'kustomize']) } };
}

function textsOf(value: Json, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.flatMap((key) => (textAt(value, key) ? [[key, textAt(value, key) ?? '']] : [])));
}

/** A text of which every part is known. */
export function known(text: string | undefined): string | undefined {
  return text?.includes(UNKNOWN) ? undefined : text;
}
