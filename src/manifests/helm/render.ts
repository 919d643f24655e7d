import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isParsed, type Json, parseManifest } from '../documents.ts';
import type { LoadedRelease } from './load-release.ts';
import { type RenderedText, splitRendered } from './rendered.ts';
import type { Helm } from './run-helm.ts';
import type { Texts } from './texts.ts';
import { type LoadedLayer, readLayer } from './values.ts';

export type Rendering =
  | { readonly state: 'rendered'; readonly documents: readonly RenderedText[] }
  | { readonly state: 'missing' }
  | { readonly state: 'failed'; readonly why: string };

/** What a rendering has that the repository has not: changed files by path, a values file above all others. */
export interface Trial {
  readonly texts?: ReadonlyMap<string, string>;
  readonly overlay?: Json;
}

/** Renders releases on scratch copies of what they are made from. */
export interface Renderer {
  render(loaded: LoadedRelease, trial?: Trial): Promise<Rendering>;
  /** Removes the scratch copies. */
  close(): Promise<void>;
}

const AT_ONCE = 3;
const LARGEST_CHART = 50 * 1024 * 1024;

/** Makes a private directory below `scratch` in which charts are copied and helm is run. */
export async function openRenderer(helm: Helm, texts: Texts, scratch: string): Promise<Renderer> {
  const root = await mkdtemp(join(scratch, 'memory-inspector-helm-'));
  const staged = new Map<string, Promise<string>>();
  const turns = takeTurns(AT_ONCE);
  let number = 0;

  const stage = (loaded: LoadedRelease, changed: ReadonlyMap<string, string>) => {
    const own = [...loaded.files.values()].flatMap((path) => (changed.has(path) ? [[path, changed.get(path)]] : []));
    const key = JSON.stringify([loaded.folder, loaded.release.withoutDefaults, own]);
    const copy = staged.get(key) ?? copyChart(join(root, `chart-${++number}`), loaded, texts, changed);
    staged.set(key, copy);
    return copy;
  };

  return {
    async render(loaded, { texts: changed = new Map(), overlay } = {}) {
      const { release } = loaded;
      const total = [...loaded.files.values()].reduce((sum, path) => sum + (texts.listed.get(path)?.size ?? 0), 0);
      if (total > LARGEST_CHART) return { state: 'failed', why: 'the chart is larger than 50 MB' };
      const values = loaded.layers.map((layer) => valuesText(layer, changed));
      if (overlay !== undefined) values.push(JSON.stringify(overlay));
      const folder = join(root, `values-${++number}`);
      const paths = await Promise.all(values.map((text, index) => write(join(folder, `${index}.yaml`), text)));
      const chart = await stage(loaded, changed);
      const { name, namespace, set, kubeVersion } = release;
      const request = { release: name, namespace, chart, values: paths, set, ...(kubeVersion ? { kubeVersion } : {}) };
      const result = await turns(() => helm.template(request, join(root, 'home')));
      if (result.state !== 'rendered') return result;
      return { state: 'rendered', documents: splitRendered(result.text) };
    },
    close: () => rm(root, { recursive: true, force: true }),
  };
}

async function copyChart(
  target: string,
  { files, release }: LoadedRelease,
  texts: Texts,
  changed: ReadonlyMap<string, string>,
): Promise<string> {
  for (const [within, path] of files) {
    if (within === 'values.yaml' && release.withoutDefaults) continue;
    await write(join(target, within), changed.get(path) ?? (await texts.bytes(path)));
  }
  return target;
}

/** A layer as a values file: a file as it stands, a map of an object as JSON, which is YAML. */
function valuesText(layer: LoadedLayer, changed: ReadonlyMap<string, string>): string {
  const text = changed.get(layer.path);
  const current = text === undefined ? layer : changedLayer(layer, text);
  if (current.form === 'file') return current.file.text;
  return current.inner?.text ?? JSON.stringify(current.values);
}

/** The layer after a change of its file that has been shown to parse. */
function changedLayer(layer: LoadedLayer, text: string): LoadedLayer {
  const parsed = parseManifest(text);
  const read = isParsed(parsed) ? readLayer(layer, { path: layer.path, text, parsed }) : parsed;
  if ('reason' in read) throw new Error(`the changed ${layer.path} cannot be read: ${read.why}`);
  return read;
}

async function write(path: string, content: string | Uint8Array): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { mode: 0o600 });
  return path;
}

/** Lets only so many pieces of work run at a time. */
function takeTurns(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    try {
      return await work();
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}
