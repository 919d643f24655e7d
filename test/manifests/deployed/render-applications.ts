import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { PROGRAMS } from '../test-renderers.ts';

/*
 * What a cluster gets of a folder, by kubectl and helm alone: nothing of the product judges or renders here, so that its edits
 * are held against something else than itself.
 */

/** An object as it was read or rendered. */
export type Value = { readonly [key: string]: unknown };

/** What is really deployed of a repository. Where an object says it, it is read anew from the folder each time. */
export type CaseApplication = {
  readonly name: string;
  /** Given to what has none; to everything where a Flux `targetNamespace` says so. */
  readonly namespace?: string;
} & (
  | { readonly kustomize: string; readonly enableHelm?: boolean }
  | { readonly files: readonly string[] }
  | { readonly helm: HelmRelease }
  /** A Flux `Kustomization` of a file, or of what another application renders. */
  | { readonly flux: string; readonly from: string }
  /** An Argo CD `Application` of a file, or of what another application renders. */
  | { readonly argo: string; readonly from: string }
  /** A Flux `HelmRelease` of what another application renders, with its chart's folder. */
  | { readonly release: string; readonly from: string; readonly chart: string }
);

interface HelmRelease {
  readonly release: string;
  readonly chart: string;
  readonly values?: readonly string[];
  readonly set?: readonly string[];
}

/** Every object of every application, by the application's name. */
export type Rendered = ReadonlyMap<string, readonly Value[]>;

/** Files by path, in a folder of their own for as long as `work` takes. */
export function inFolder<T>(texts: Readonly<Record<string, string>>, work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'deployed-'));
  try {
    for (const [path, text] of Object.entries(texts)) write(join(folder, path), text);
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Renders each application of a folder; one that is read from another's rendering comes after it. */
export function renderApplications(folder: string, applications: readonly CaseApplication[]): Rendered {
  const rendered = new Map<string, readonly Value[]>();
  for (const one of applications) {
    const objects = renderOne(folder, one, rendered);
    rendered.set(
      one.name,
      objects.map((object) => withNamespace(object, one.namespace ?? '')),
    );
  }
  return rendered;
}

function renderOne(folder: string, one: CaseApplication, rendered: Rendered): readonly Value[] {
  if ('kustomize' in one) return kustomize(folder, one.kustomize, {}, one.enableHelm);
  if ('files' in one) return one.files.flatMap((path) => read(join(folder, path)));
  if ('helm' in one) return helm(folder, one.helm, one.namespace ?? '');
  const objects = rendered.get(one.from) ?? read(join(folder, one.from));
  if ('flux' in one) return renderFlux(folder, find(objects, 'Kustomization', one.flux));
  if ('release' in one) {
    const { values } = mapAt(find(objects, 'HelmRelease', one.release), 'spec');
    return helm(folder, { release: one.release, chart: one.chart }, one.namespace ?? '', values);
  }
  return renderArgo(folder, find(objects, 'Application', one.argo));
}

function renderFlux(folder: string, object: Value): readonly Value[] {
  const spec = mapAt(object, 'spec');
  const { targetNamespace, patches, namePrefix, nameSuffix, components } = spec;
  const settings = { namespace: targetNamespace, patches, namePrefix, nameSuffix, components };
  const objects = kustomize(folder, plainPath(spec.path), settings);
  const variables = mapAt(mapAt(spec, 'postBuild'), 'substitute');
  const text = JSON.stringify(objects).replace(/\$\{(\w+)(?::=([^}]*))?\}/g, (_, name: string, otherwise = '') =>
    String(variables[name] ?? otherwise),
  );
  // A number stays one: Flux substitutes in the text.
  return JSON.parse(text) as readonly Value[];
}

function renderArgo(folder: string, object: Value): readonly Value[] {
  const spec = mapAt(object, 'spec');
  const namespace = String(mapAt(spec, 'destination').namespace ?? '');
  const sources = (Array.isArray(spec.sources) ? spec.sources : [spec.source]) as readonly Value[];
  const objects = sources
    .filter(({ path }) => path !== undefined)
    .flatMap((source) => renderSource(folder, source, object));
  return objects.map((one) => withNamespace(one, namespace));
}

function renderSource(folder: string, source: Value, application: Value): readonly Value[] {
  const spec = mapAt(application, 'spec');
  const path = plainPath(source.path);
  const names = readdirSync(join(folder, path));
  if (names.includes('Chart.yaml')) {
    const { releaseName, valueFiles = [], ignoreMissingValueFiles, ...own } = mapAt(source, 'helm');
    const { values, valuesObject, parameters = [] } = own;
    const files = (valueFiles as readonly string[]).map((file) =>
      file.startsWith('$') ? file.replace(/^\$\w+\//, '') : file.startsWith('/') ? file.slice(1) : join(path, file),
    );
    const there = files.filter((file) => ignoreMissingValueFiles !== true || existsSync(join(folder, file)));
    const set = (parameters as readonly Value[]).map(({ name, value }) => `${name}=${value}`);
    const namespace = String(mapAt(spec, 'destination').namespace ?? '');
    const inline = valuesObject ?? (typeof values === 'string' ? parse(values)[0] : undefined);
    return helm(
      folder,
      { release: String(releaseName ?? mapAt(application, 'metadata').name), chart: path, values: there, set },
      namespace,
      inline,
    );
  }
  if (names.includes('kustomization.yaml')) return kustomize(folder, path, mapAt(source, 'kustomize'));
  const { recurse = false, include, exclude } = mapAt(source, 'directory');
  const fits = (glob: unknown, text: string) => typeof glob === 'string' && globOf(glob).test(text);
  const listed = filesIn(join(folder, path)).filter((file) => recurse === true || !file.includes('/'));
  return listed
    .filter((file) => (include === undefined || fits(include, file)) && !fits(exclude, file))
    .flatMap((file) => read(join(folder, path, file)));
}

/** Argo CD's globs: a star crosses folders, braces list alternatives. */
function globOf(glob: string): RegExp {
  const pattern = glob
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${pattern.replace(/\{/g, '(?:').replace(/\}/g, ')').replace(/,/g, '|')}$`);
}

/** A folder's kustomization, or one made up of all its files as Flux does, with an application's own settings put into it. */
function kustomize(folder: string, path: string, settings: Value, enableHelm = false): readonly Value[] {
  const file = join(folder, path, 'kustomization.yaml');
  const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  const own = before === undefined ? { resources: filesIn(join(folder, path)) } : ((parse(before)[0] ?? {}) as Value);
  const given = Object.entries(settings).flatMap(([key, value]): [string, unknown][] => {
    if (value === undefined) return [];
    return [[key, Array.isArray(value) ? [...((own[key] ?? []) as unknown[]), ...(value as unknown[])] : value]];
  });
  if (given.length > 0 || before === undefined) write(file, stringify({ ...own, ...Object.fromEntries(given) }));
  // A chart that several kustomizations inflate lies outside of each.
  const flags = enableHelm
    ? ['--enable-helm', '--helm-command', 'helm', '--load-restrictor', 'LoadRestrictionsNone']
    : [];
  try {
    return parse(run('kubectl', ['kustomize', ...flags, join(folder, path)]));
  } finally {
    if (before === undefined) rmSync(file);
    else write(file, before);
  }
}

function helm(folder: string, release: HelmRelease, namespace: string, inline?: unknown): readonly Value[] {
  const files = (release.values ?? []).map((path) => join(folder, path));
  const own = join(folder, '.values.yaml');
  if (inline !== undefined) write(own, stringify(inline));
  const values = [...files, ...(inline === undefined ? [] : [own])].flatMap((path) => ['--values', path]);
  const set = (release.set ?? []).flatMap((one) => ['--set', one]);
  const name = release.release === '' ? 'release' : release.release;
  const where = namespace === '' ? [] : ['--namespace', namespace];
  return parse(run('helm', ['template', name, join(folder, release.chart), ...where, ...values, ...set])).map((one) =>
    withNamespace(one, namespace),
  );
}

function run(program: string, args: readonly string[]): string {
  const env = { PATH: PROGRAMS, HOME: tmpdir() };
  return execFileSync(program, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
}

function read(path: string): readonly Value[] {
  return parse(readFileSync(path, 'utf8'));
}

function parse(text: string): readonly Value[] {
  const values = parseAllDocuments(text).map((document) => document.toJS() as Value | null);
  return values.filter((value) => value !== null);
}

function find(objects: readonly Value[], kind: string, name: string): Value {
  const found = objects.find((one) => one.kind === kind && mapAt(one, 'metadata').name === name);
  if (!found) throw new Error(`no ${kind} ${name} among ${objects.length} objects`);
  return found;
}

export function mapAt(value: Value, key: string): Value {
  const inner = value[key];
  return typeof inner === 'object' && inner !== null ? (inner as Value) : {};
}

function withNamespace(object: Value, namespace: string): Value {
  const metadata = mapAt(object, 'metadata');
  if (namespace === '' || metadata.namespace !== undefined) return object;
  return { ...object, metadata: { ...metadata, namespace } };
}

function plainPath(path: unknown): string {
  return String(path).replace(/^\.?\//, '');
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((one) => one.isFile()).map((one) => relative(folder, join(one.parentPath, one.name)));
  return paths.filter((path) => /\.ya?ml$/.test(path)).sort();
}

export function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
