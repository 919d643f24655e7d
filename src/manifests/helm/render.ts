import { MIB } from '../../bytes.ts';
import { createLimiter } from '../../limit.ts';
import { isObject, isParsed, type Json, textAt } from '../documents.ts';
import type { Parser } from '../parser.ts';
import type { Rendering } from '../rendering/rendering.ts';
import { copyBelow, type Scratch, writeBelow } from '../rendering/scratch.ts';
import type { LoadedRelease } from './load-release.ts';
import type { Helm } from './run-helm.ts';
import type { Texts } from './texts.ts';
import { type LoadedLayer, readLayer } from './values.ts';

/** What a rendering has that the repository has not: changed files by path, a values file above all others. */
export interface Trial {
  readonly texts?: ReadonlyMap<string, string>;
  readonly overlay?: Json;
}

/** Renders releases on scratch copies of what they are made from. */
export interface ReleaseRenderer {
  render(loaded: LoadedRelease, trial?: Trial): Promise<Rendering>;
}

const AT_ONCE = 3;
const LARGEST_CHART = 50 * MIB;

/** Charts are copied below the scratch, each state of one once. */
export function createRenderer(helm: Helm, texts: Texts, scratch: Scratch): ReleaseRenderer {
  const staged = new Map<string, Promise<Copied>>();
  const turns = createLimiter(AT_ONCE);

  const stage = (loaded: LoadedRelease, changed: ReadonlyMap<string, string>) => {
    const own = [...loaded.files.values()].flatMap((path) => (changed.has(path) ? [[path, changed.get(path)]] : []));
    const key = JSON.stringify([loaded.folder, loaded.release.withoutDefaults, own]);
    const copy = staged.get(key) ?? copyChart(scratch.folder('chart'), loaded, texts, changed);
    staged.set(key, copy);
    return copy;
  };

  return {
    async render(loaded, { texts: changed = new Map(), overlay } = {}) {
      const { release } = loaded;
      const total = [...loaded.files.values()].reduce((sum, path) => sum + (texts.listed.get(path)?.size ?? 0), 0);
      if (total > LARGEST_CHART) return { state: 'over', why: 'the chart is larger than 50 MB' };
      const values = loaded.layers.map((layer) => valuesText(layer, changed, texts.parser));
      if (overlay !== undefined) values.push(JSON.stringify(overlay));
      const chart = await stage(loaded, changed);
      if (typeof chart !== 'string') return { state: 'failed', why: chart.why };
      const { name, namespace, set, kubeVersion } = release;
      return turns(async () => {
        const folder = scratch.folder('values');
        const paths = values.map((text, index) => {
          writeBelow(folder, `${index}.yaml`, text);
          return `${folder}/${index}.yaml`;
        });
        const request = {
          release: name,
          namespace,
          chart,
          values: paths,
          set,
          ...(kubeVersion ? { kubeVersion } : {}),
        };
        try {
          return await helm.template(request);
        } finally {
          scratch.remove(folder);
        }
      });
    },
  };
}

/** The folder of a copy, or why there is none. */
type Copied = string | { readonly why: string };

async function copyChart(
  target: string,
  { files, release, absent }: LoadedRelease,
  texts: Texts,
  changed: ReadonlyMap<string, string>,
): Promise<Copied> {
  for (const [within, path] of files) {
    if (within === 'values.yaml' && release.withoutDefaults) continue;
    // A lock speaks of all that the chart depends on.
    if (within === 'Chart.lock' && absent.length > 0) continue;
    const content = changed.get(path) ?? (await texts.bytes(path));
    const shown = within === 'Chart.yaml' && absent.length > 0 ? await withoutAbsent(path, absent, texts) : content;
    const wrong = copyBelow(target, [[within, shown]]);
    if (wrong !== undefined) return { why: `${path} cannot be copied to be rendered` };
  }
  return target;
}

/** A `Chart.yaml` that does not ask for the absent charts, as JSON, which is YAML. */
async function withoutAbsent(path: string, absent: LoadedRelease['absent'], texts: Texts): Promise<string> {
  const file = await texts.read(path);
  const value = file?.parsed?.values[0];
  if (!isObject(value) || !Array.isArray(value.dependencies)) return file?.text ?? '';
  const names = new Set(absent.map(({ name }) => name));
  const kept = value.dependencies.filter((one: Json) => !names.has(textAt(one, 'name') ?? ''));
  return JSON.stringify({ ...value, dependencies: kept });
}

/** A layer as a values file: a file as it stands, a map of an object as JSON, which is YAML. */
function valuesText(layer: LoadedLayer, changed: ReadonlyMap<string, string>, parser: Parser): string {
  const text = layer.fixed === undefined ? changed.get(layer.path) : undefined;
  const current = text === undefined ? layer : changedLayer(layer, text, parser);
  if (current.form === 'file') return current.file.text;
  return current.inner?.text ?? JSON.stringify(current.values);
}

/** The layer after a change of its file that has been shown to parse. */
function changedLayer(layer: LoadedLayer, text: string, parser: Parser): LoadedLayer {
  const parsed = parser.parse(text);
  const read = isParsed(parsed) ? readLayer(layer, { path: layer.path, text, parsed }, parser) : parsed;
  if ('reason' in read) throw new Error(`the changed ${layer.path} cannot be read: ${read.why}`);
  return read;
}
