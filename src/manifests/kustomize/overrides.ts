import type { Overrides } from '../deployed/deployed.ts';
import { readSubstitutes } from '../deployed/read-flux.ts';
import { isObject, isParsed, type Json, valueAt } from '../documents.ts';
import type { Parser } from '../parser.ts';
import { resolvePath } from '../reach.ts';
import { decode } from '../readable.ts';
import type { Rendering } from '../rendering/rendering.ts';
import { type Closure, closureOf, type Kustomization, type LoadGraph } from './load-graph.ts';
import type { Files, Kustomize } from './render.ts';

type Values = { readonly [key: string]: Json };

/** What of an application's own settings changes what is rendered; images and labels leave memory alone. */
const RELEVANT = ['patches', 'components', 'targetNamespace', 'namespace', 'namePrefix', 'nameSuffix', 'postBuild'];

export function relevantOf(value: Values): Values {
  return Object.fromEntries(Object.entries(value).filter(([key]) => RELEVANT.includes(key)));
}

/** What a root loads with what an application adds: its components, and the file in which its patches stand. */
export function withOverrides(
  closure: Closure,
  { folder }: Kustomization,
  overrides: Overrides | undefined,
  graph: LoadGraph,
): Closure {
  if (overrides === undefined) return closure;
  const added = listAt(overrides.value, 'components').flatMap((name) => {
    const target = typeof name === 'string' ? resolvePath(folder, name) : undefined;
    const found = [...graph.kustomizations.values()].find((one) => one.folder === `${target}/`);
    return found === undefined ? [] : [closureOf(graph, found)];
  });
  const own = overrides.place === undefined ? [] : [overrides.place.path];
  return {
    ...closure,
    kustomizations: [...closure.kustomizations, ...added.flatMap(({ kustomizations }) => kustomizations)],
    files: new Set([...closure.files, ...own, ...added.flatMap(({ files }) => [...files])]),
    data: new Set([...closure.data, ...added.flatMap(({ data }) => [...data])]),
  };
}

/** What an application applies: its folder's kustomization with its own patches, then with its variables filled in. */
export async function renderOverridden(
  { kustomization, overrides }: { readonly kustomization: Kustomization; readonly overrides: Overrides },
  files: Files,
  { renderer, parser }: { readonly renderer: Kustomize; readonly parser: Parser },
): Promise<Rendering> {
  const settings = settingsIn(files, overrides, parser);
  const own = parser.parse(textOf(files, kustomization.path));
  const value = isParsed(own) ? own.values[0] : undefined;
  if (!isObject(value)) return renderer.render(files, kustomization.folder);
  const text = JSON.stringify(withSettings(value, settings));
  const rendering = await renderer.render(new Map([...files, [kustomization.path, text]]), kustomization.folder);
  if (rendering.state !== 'rendered' || settings.postBuild === undefined) return rendering;
  const { own: variables, from } = readSubstitutes(settings);
  return { ...rendering, documents: rendering.documents.map((one) => substitute(one, variables, from.length === 0)) };
}

/** The settings as their file has them now, where that is what was read of it; an edit may be tried there. */
function settingsIn(files: Files, { value, place }: Overrides, parser: Parser): Values {
  if (place === undefined) return value;
  const parsed = parser.parse(textOf(files, place.path));
  const now = isParsed(parsed) ? valueAt(parsed.values[place.document], place.at) : undefined;
  // A template has placeholders where the value has what fills them.
  return isObject(now) && !JSON.stringify(now).includes('{{') ? now : value;
}

function withSettings(kustomization: Values, settings: Values): Values {
  const namespace = settings.targetNamespace ?? settings.namespace;
  const appended = ['patches', 'components'].flatMap((key) => {
    const more = listAt(settings, key);
    return more.length === 0 ? [] : [[key, [...listAt(kustomization, key), ...more]] as const];
  });
  const replaced = ['namePrefix', 'nameSuffix'].flatMap((key) =>
    typeof settings[key] === 'string' ? [[key, settings[key]] as const] : [],
  );
  return {
    ...kustomization,
    ...(typeof namespace === 'string' && namespace !== '' ? { namespace } : {}),
    ...Object.fromEntries([...appended, ...replaced]),
  };
}

const VARIABLE = /\$\{([A-Za-z_]\w{0,100})(?::?[-=]([^{}$]{0,500}))?\}/g;
const NOT_HERE = /kustomize\.toolkit\.fluxcd\.io\/substitute: ["']?disabled/;

/** A rendered text with the variables filled in; one that is not known stays, unless `all` are known. */
function substitute(text: string, variables: Readonly<Record<string, string>>, all: boolean): string {
  if (!text.includes('${') || NOT_HERE.test(text)) return text;
  return text.replace(VARIABLE, (whole, name: string, otherwise: string | undefined) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return value ?? (all ? (otherwise ?? '') : whole);
  });
}

function listAt(value: Values, key: string): readonly Json[] {
  const list = value[key];
  return Array.isArray(list) ? (list as readonly Json[]) : [];
}

function textOf(files: Files, path: string): string {
  const content = files.get(path) ?? '';
  return typeof content === 'string' ? content : (decode(content) ?? '');
}
