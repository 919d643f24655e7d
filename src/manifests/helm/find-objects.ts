import { addTo } from '../../text/add-to.ts';
import { type FoundWorkload, findObjects, type Json, valueAt } from '../documents.ts';
import type { Effort } from '../effort.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import { remember } from '../remember.ts';
import type { RepositoryText, Texts } from './texts.ts';

/** An object of the repository that describes a release. */
export interface SourceObject {
  readonly file: RepositoryText;
  readonly found: FoundWorkload;
  readonly value: Json;
}

/** The objects of a kind and API group in some files. */
export function objectsOfKind(files: readonly RepositoryText[], group: string, kind: string): SourceObject[] {
  return files.flatMap((file) => {
    const parsed = file.text.includes(kind) && file.text.includes(group) ? file.parsed : undefined;
    if (!parsed) return [];
    return findObjects(parsed).flatMap((found) => {
      const value = valueAt(parsed.values[found.document], found.at);
      return found.kind === kind && found.group === group && value !== undefined ? [{ file, found, value }] : [];
    });
  });
}

/**
 * Why an object that describes a release may not be applied as it stands in its file: several kustomizations make
 * something of it, or one of them patches it.
 */
export async function whyAltered(object: SourceObject, users: Users, effort: Effort): Promise<string | undefined> {
  const { kind, name } = object.found;
  const roots = new Set<string>();
  const waiting = [object.file.path];
  const seen = new Set<string>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const using = users.of(path);
    if (using.length === 0 && path !== object.file.path) roots.add(path);
    for (const user of using.filter((one) => !seen.has(one.path))) {
      seen.add(user.path);
      waiting.push(user.path);
      effort.spend(1 + user.targets.length / 10);
      if (await patches(user, object, users)) return `the ${kind} ${name} is patched by ${user.path}`;
    }
  }
  return roots.size > 1 ? `the ${kind} ${name} is made into several by ${[...roots].sort().join(', ')}` : undefined;
}

interface Kustomization {
  readonly path: string;
  readonly text: string;
  readonly targets: readonly string[];
}

/** Which kustomizations load a file, or another kustomization. */
export interface Users {
  of(path: string): readonly Kustomization[];
  /** Kinds and names of the objects in a file. */
  objectsIn(path: string): Promise<ReadonlySet<string>>;
}

export function readUsers({ graph, kustomizations }: ManifestIndex, texts: Texts): Users {
  const byTarget = new Map<string, Kustomization[]>();
  for (const { path, files, includes } of graph.kustomizations.values()) {
    const targets = [...files, ...includes];
    const user = { path, text: kustomizations.get(path) ?? '', targets };
    for (const target of targets) addTo(byTarget, target, user);
  }
  return {
    of: (path) => byTarget.get(path) ?? [],
    objectsIn: remember(async (path) => {
      const parsed = (await texts.read(path))?.parsed;
      return new Set(parsed ? findObjects(parsed).map(({ kind, name }) => `${kind} ${name}`) : []);
    }),
  };
}

/** The kinds that a text names anywhere, inline patches and targets included. */
export function kindsIn(text: string): string[] {
  return Array.from(text.matchAll(/\bkind['"]?[ \t]*:[ \t]*['"]?(\w+)/g), ([, kind = '']) => kind);
}

async function patches(user: Kustomization, { file, found }: SourceObject, users: Users): Promise<boolean> {
  if (user.text.includes('patch') && kindsIn(user.text).includes(found.kind)) return true;
  for (const path of user.targets) {
    if (path !== file.path && (await users.objectsIn(path)).has(`${found.kind} ${found.name}`)) return true;
  }
  return false;
}
