import { MIB } from '../../bytes.ts';
import type { TextEdit } from '../../model/location.ts';
import type { RepositoryFiles } from '../../model/repository-files.ts';
import type { WorkloadRef } from '../../model/workload.ts';
import { applyEdits } from '../../text/apply-edits.ts';
import { wordsOf } from '../../text/words.ts';
import type { Claims } from '../deployed/claims.ts';
import type { Deployed } from '../deployed/deployed.ts';
import { isObject } from '../documents.ts';
import { createEffort, IN_A_UNIT } from '../effort.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import { createParser, type Parser } from '../parser.ts';
import { isKustomization } from '../reach.ts';
import { decode, LARGEST_FILE } from '../readable.ts';
import { remember, rememberSome } from '../remember.ts';
import { lengthOf, type Rendering } from '../rendering/rendering.ts';
import { type FoundRoots, findRoots, type Root } from './find-roots.ts';
import { findPlaces } from './find-values.ts';
import type { Kustomization } from './load-graph.ts';
import { renderOverridden } from './overrides.ts';
import { type FileWithPlaces, markPlaces, type PlaceProbe, readProbe } from './probe.ts';
import type { Kustomize } from './render.ts';

/** A root that may render a workload. */
export interface Held {
  readonly root: Root;
  /** Its whole name stands in one of the files. */
  readonly named: boolean;
  /** One of the files holds its kind and its name, or a part of it between dashes where names are made up. */
  readonly mayDefine: boolean;
}

/** New texts of some files. */
export type NewTexts = ReadonlyMap<string, string>;

/** `failed`: the root does not render with marks in place of its values. */
export type Probed =
  | { readonly state: 'probed'; readonly probe: PlaceProbe }
  | { readonly state: 'failed' }
  | { readonly state: 'over'; readonly why: string };

/** The roots of a repository. Each is read, rendered and probed once, and only when something asks for it. */
export interface Roots extends FoundRoots {
  /** Every root that may render the workload, as far as its files' texts tell; `named` where they hold its whole name. */
  holding(ref: WorkloadRef): Promise<readonly Held[]>;
  /** The roots, but for one, that load one of the paths. */
  loading(paths: readonly string[], but?: Root): readonly Root[];
  /** The applications that apply one of the paths as it stands, besides whatever root loads it. */
  plainly(paths: readonly string[]): readonly Deployed[];
  rendered(root: Root): Promise<Rendering>;
  renderedWith(root: Root, texts: NewTexts): Promise<Rendering>;
  /** Which place of the root's files decides which value. */
  probed(root: Root): Promise<Probed>;
  /** For the repository's files, and for what they render to. */
  readonly parser: Parser;
  /** The text of a file that the root loads; `undefined` where it is none. */
  textOf(root: Root, path: string): Promise<string | undefined>;
}

/** Bytes of files, and characters of renderings, that are kept. */
const MOST_KEPT = 48 * MIB;
/** Of all files that one root loads, what it only takes for data included. */
const MOST_LOADED = 20 * MIB;

/** Opens the roots of the repository; of those outside the globs only what shares files with one inside. */
export function openRoots(index: ManifestIndex, claims: Claims, files: RepositoryFiles, renderer: Kustomize): Roots {
  const { all, every, over } = findRoots(index, claims);
  const effort = createEffort();
  const parser = createParser(effort);
  const count = (looks: number) => effort.spend(looks / IN_A_UNIT.looks);
  const sizesOf = remember(
    async (all: RepositoryFiles) => new Map((await all.list()).map(({ path, size }) => [path, size])),
  );
  const read = rememberSome((path: string) => files.read(path), { weigh: ({ length }) => length, most: MOST_KEPT });
  const readText = async (path: string) => {
    const size = (await sizesOf(files)).get(path) ?? 0;
    // What is larger is no manifest of a person's.
    return size > LARGEST_FILE ? '' : (decode(await read(path)) ?? '');
  };
  const tell = remember(async (path: string) => {
    const text = await readText(path);
    count(text.length);
    return tellOf(text);
  });
  const placesIn = remember(async (path: string) => findPlaces(path, await readText(path), parser));

  const renderedWith = async (root: Root, texts: NewTexts): Promise<Rendering> => {
    if (root.closure.refusal) return { state: 'failed', why: root.closure.refusal };
    const sizes = await sizesOf(files);
    const bytes = [...root.closure.files].reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0);
    if (bytes > MOST_LOADED) return { state: 'over', why: 'not judged: it loads more than 20 MB' };
    const contents = new Map<string, Uint8Array | string>();
    for (const path of root.closure.files) contents.set(path, await read(path));
    const all = new Map([...contents, ...texts]);
    return root.overrides === undefined
      ? renderer.render(all, root.kustomization.folder)
      : renderOverridden({ ...root, overrides: root.overrides }, all, { renderer, parser });
  };
  const rendered = rememberSome((root: Root) => renderedWith(root, new Map()), {
    weigh: (one) => (one.state === 'rendered' ? lengthOf(one.documents) : 0),
    most: MOST_KEPT,
  });

  return {
    ...(over === undefined ? {} : { over }),
    all,
    every,
    holding: async (ref) => {
      const parts = partsOf(ref.name);
      const hasPart = remember(async (path: string) => {
        const { words } = await tell(path);
        count(parts.length);
        return parts.some((part) => words.has(part));
      });
      const held = await Promise.all(all.map((root) => findHeld(root, ref, { tell, hasPart, count })));
      return held.filter((one) => one !== undefined);
    },
    plainly: (paths) => paths.flatMap((path) => (isKustomization(path) ? [] : claims.ofFile(path))),
    loading: (paths, but) => all.filter((root) => root !== but && paths.some((path) => root.closure.files.has(path))),
    rendered,
    renderedWith,
    probed: remember(async (root: Root): Promise<Probed> => {
      const found: FileWithPlaces[] = [];
      for (const path of root.closure.files) {
        const places = root.closure.data.has(path) ? [] : await placesIn(path);
        if (places.length > 0) found.push({ path, text: await readText(path), places });
      }
      const marked = markPlaces(found);
      const result = await renderedWith(root, marked.texts);
      if (result.state === 'over') return result;
      const probe = result.state === 'rendered' ? readProbe(result.documents, marked.marks, parser) : undefined;
      return probe ? { state: 'probed', probe } : { state: 'failed' };
    }),
    parser,
    textOf: async (root, path) => (root.closure.files.has(path) ? decode(await read(path)) : undefined),
  };
}

/** What of a file tells whether a workload may come of it. */
interface Told {
  readonly words: ReadonlySet<string>;
  /** A patch or replacement in it writes names or namespaces. */
  readonly renames: boolean;
}

function tellOf(text: string): Told {
  return { words: wordsOf(text), renames: RENAMES.test(text) };
}

/** An operation on `/metadata`, a replacement's field path, or a patch that may change names. */
const RENAMES = /\/metadata(?:\/name|["']?$)|[-[,][ \t]*["']?metadata\.name|\ballowNameChange\b/m;

/**
 * A root that may render a workload: its name, or where names are made up a part of it, stands in one of the files, and no
 * other namespace is given to everything.
 */
async function findHeld(
  root: Root,
  ref: WorkloadRef,
  asked: {
    tell(path: string): Promise<Told>;
    /** Whether a part of the workload's name stands in a file. */
    hasPart(path: string): Promise<boolean>;
    count(files: number): void;
  },
): Promise<Held | undefined> {
  const { kustomization, closure, outside } = root;
  if (outside) return undefined;
  const files = [...closure.files];
  asked.count(files.length);
  const told = await Promise.all(files.map(asked.tell));
  const moved =
    told.some(({ renames }) => renames) ||
    closure.kustomizations.some(({ value }) => uses(value, ['transformers', 'configurations', 'vars'])) ||
    root.overrides !== undefined;
  const namespace = isObject(kustomization.value) ? kustomization.value.namespace : undefined;
  if (typeof namespace === 'string' && namespace !== '' && namespace !== ref.namespace && !moved) return undefined;
  const ofKind = told.filter(({ words }) => words.has(ref.kind.toLowerCase()));
  const names = (name: string) => ofKind.some(({ words }) => words.has(name));
  if (told.some(({ words }) => words.has(ref.name))) return { root, named: true, mayDefine: names(ref.name) };
  const renamed = moved || closure.kustomizations.some(({ value }) => uses(value, ['namePrefix', 'nameSuffix']));
  const parts = renamed ? await Promise.all(files.map(asked.hasPart)) : [];
  return parts.some((has) => has) ? { root, named: false, mayDefine: stepsOf(ref.name).some(names) } : undefined;
}

/** What a name may have been before something was put around it: every part of two characters or more. */
function partsOf(name: string): string[] {
  const starts = Array.from(name, (_, start) => start);
  return [...new Set(starts.flatMap((start) => starts.slice(start + 1).map((end) => name.slice(start, end + 1))))];
}

/** The parts of a name between its dashes, as many together as stand in a row. */
function stepsOf(name: string): string[] {
  const steps = name.split('-');
  return steps.flatMap((_, start) =>
    steps.slice(start).map((_, more) => steps.slice(start, start + more + 1).join('-')),
  );
}

function uses(value: Kustomization['value'], fields: readonly string[]): boolean {
  return isObject(value) && fields.some((field) => value[field] !== undefined);
}

/** The texts that edits lead to; `undefined` where they overlap. */
export async function editedTexts(
  roots: Roots,
  root: Root,
  edits: readonly TextEdit[],
): Promise<Map<string, string> | undefined> {
  const texts = new Map<string, string>();
  for (const path of new Set(edits.map((edit) => edit.path))) {
    const own = edits.filter((edit) => edit.path === path);
    try {
      texts.set(path, applyEdits((await roots.textOf(root, path)) ?? '', own));
    } catch {
      return undefined;
    }
  }
  return texts;
}
