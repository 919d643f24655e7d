import { addTo } from '../../text/add-to.ts';
import { type Effort, OverEffort } from '../effort.ts';
import type { Parser } from '../parser.ts';
import { baseName, folderOf, isKustomization } from '../reach.ts';
import type { WhyNot } from '../readable.ts';
import { type Output, outputsOf } from './outputs-of.ts';
import { readScripts, type Script, type ScriptVariables } from './read-scripts.ts';
import { readShell, type ShellCommand } from './read-shell.ts';
import { markFolders, pathIn, possibleValues, readVariables } from './variables.ts';

/** Something that rewrites files of the repository. */
interface Writer {
  /** How to name it: "`make generate` (Makefile:12)". */
  readonly by: string;
  /** The file or folder of the repository that it is written from. */
  readonly source?: string;
}

/** What writes a path; `undefined` for what nothing is known to write. */
export type WriterOf = (path: string) => Writer | undefined;

interface WriterSources {
  /** Every path of the repository. */
  readonly paths: readonly string[];
  /** The texts of scripts, workflows, Makefiles and the like, by path. */
  readonly scripts: ReadonlyMap<string, string>;
  /** The texts of `cdk8s.yaml` files, by path. */
  readonly cdk8s: ReadonlyMap<string, string>;
}

/** More than a repository has. What lies beyond counts as not written. */
const MOST_WRITTEN = 10_000;
/** In which a script may run, and the writers of one folder. */
const MOST_FOLDERS = 20;
/** Words of a pipeline that may be what it reads. */
const MOST_WORDS = 100;
/** Second words that say what to do, and not what with. */
const VERBS = new Set([
  'build',
  'template',
  'kustomize',
  'export',
  'synth',
  'eval',
  'create',
  'get',
  'convert',
  'show',
]);
/** Characters of a script that are read in the time of a unit of effort. */
const READ_IN_A_UNIT = 50;

/** What in a repository rewrites which of its files, as far as the text of its scripts says so plainly. */
export function findWriters({ paths, scripts, cdk8s }: WriterSources, parser: Parser, effort: Effort): WriterOf {
  const tree = treeOf(paths);
  const written: Written = { files: new Map(), folders: new Map() };
  try {
    for (const [path, text] of scripts) {
      effort.spend(text.length / READ_IN_A_UNIT);
      // What one step writes or removes, the next ones of the file find so.
      const around = { tree, written, effort, temporary: new Map(), wiped: new Set<string>() };
      for (const script of readScripts(path, text, parser)) readWriters(script, around);
    }
  } catch (thrown) {
    if (!(thrown instanceof OverEffort)) throw thrown;
  }
  for (const [path, text] of cdk8s) addCdk8s(path, text, written);
  addJsonnet(paths, tree, written);
  return (path) => written.files.get(path) ?? writerOfFolder(path, written.folders);
}

/** Why a file is not edited that something else writes, and from which file or folder of the repository it does. */
export interface Generated extends WhyNot {
  readonly reason: 'generated';
  readonly source?: string;
}

/** How a report says that a file is written. */
export function refuseWritten({ by, source }: Writer): Generated {
  if (source === undefined) return { reason: 'generated', why: `it is written by ${by}: change its source` };
  return { reason: 'generated', why: `it is written by ${by}: change its source ${source}`, source };
}

interface Tree {
  readonly files: ReadonlySet<string>;
  /** Without a slash at the end. */
  readonly folders: ReadonlySet<string>;
}

interface FolderWriter extends Writer {
  /** Only what is directly in the folder: the sources are below it, too. */
  readonly direct?: boolean;
  readonly within?: readonly string[];
  /** Everything there is removed before, a kustomization, too. */
  wiped?: boolean;
}

interface Written {
  readonly files: Map<string, Writer>;
  readonly folders: Map<string, FolderWriter[]>;
}

function treeOf(paths: readonly string[]): Tree {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return { files: new Set(paths), folders };
}

/** What is read of a script while it is gone through. */
interface Reading {
  readonly script: Script;
  readonly variables: ScriptVariables;
  readonly tree: Tree;
  readonly written: Written;
  readonly effort: Effort;
  /** Files outside the repository that it has written, and from what. */
  readonly temporary: Map<string, { readonly writer: Writer; readonly reads: ReadonlySet<string> }>;
  readonly wiped: Set<string>;
}

function readWriters(script: Script, around: Omit<Reading, 'script' | 'variables'>): void {
  const steps = readShell(markFolders(script.text));
  const variables = readVariables(script, steps);
  const reading: Reading = { ...around, script, variables };
  const start = script.runsIn.flatMap((folder) => foldersAt('', folder, reading));
  let folders: readonly string[] = start;
  const outer: (readonly string[])[] = [];
  for (const step of steps) {
    if (step.kind === 'open') outer.push(folders);
    else if (step.kind === 'close') folders = outer.pop() ?? folders;
    else {
      const [first] = step.commands;
      const [name, target] = first?.words ?? [];
      if (name === 'cd' || name === 'pushd') {
        const reached = target === undefined ? [] : folders.flatMap((folder) => foldersAt(folder, target, reading));
        folders = [...new Set(reached)].slice(0, MOST_FOLDERS);
      } else if (name === 'popd') folders = start;
      else readPipeline(step.commands, script.line + step.line - 1, folders, reading);
    }
  }
}

/** The folders, `` or ending in `/`, that a word stands for and that are there. */
function foldersAt(from: string, word: string, { script, variables, tree }: Reading): string[] {
  if (word === '') return [from];
  return possibleValues(word, variables).flatMap((value) => {
    const path = pathIn(from, value, folderOf(script.path));
    if (path === '') return [''];
    return path !== undefined && tree.folders.has(path) ? [`${path}/`] : [];
  });
}

function readPipeline(
  commands: readonly ShellCommand[],
  line: number,
  folders: readonly string[],
  reading: Reading,
): void {
  const outputs = commands.flatMap(outputsOf);
  const [first] = commands;
  const isCopy = commands.length === 1 && /^(cp|mv)$/.test(first?.words[0] ?? '');
  if (first?.words[0] === 'rm') noteWiped(first, folders, reading);
  if (outputs.length === 0 && !isCopy) return;
  reading.effort.spend((folders.length * commands.reduce((sum, { words }) => sum + words.length + 1, 0)) / 2);
  // Each is taken where it is: a script may run in its own folder or in the repository's.
  for (const folder of folders) {
    const reads = readBy(commands, folder, reading);
    const sources = [...reads].filter(
      (path) => (reading.tree.files.has(path) || reading.tree.folders.has(path)) && !/(^|\/)(vendor|lib)$/.test(path),
    );
    const by = nameOf(reading.script, line);
    if (isCopy && first) copy(first, folder, by, reading);
    for (const output of outputs) {
      for (const value of textsOf(output.word, reading.variables)) {
        const path = pathIn(folder, value, folderOf(reading.script.path));
        const source = sources.find((one) => one !== path);
        const writer = { by, ...(source === undefined ? {} : { source }) };
        if (path === undefined || !reading.tree.files.has(path)) reading.temporary.set(value, { writer, reads });
        if (path !== undefined) note(output, path, writer, sources, reads, reading);
      }
    }
  }
}

function note(
  output: Output,
  path: string,
  writer: Writer,
  sources: readonly string[],
  reads: ReadonlySet<string>,
  { tree, written, wiped }: Reading,
): void {
  if (written.files.size + written.folders.size >= MOST_WRITTEN) return;
  if (output.kind !== 'folder' && tree.files.has(path)) {
    // Of what it reads itself, it changes a part.
    if (!reads.has(path) && !written.files.has(path)) written.files.set(path, writer);
  } else if (output.kind !== 'file' && path !== '' && tree.folders.has(path)) {
    const direct = sources.some((one) => one === path || one.startsWith(`${path}/`));
    if ((written.folders.get(path)?.length ?? 0) >= MOST_FOLDERS) return;
    addTo(written.folders, path, {
      ...writer,
      ...(direct ? { direct } : {}),
      ...(output.within ? { within: output.within } : {}),
      ...(wiped.has(path) ? { wiped: true } : {}),
    });
  }
}

/** What a word stands for; itself where that is not known, so that it is known again. */
function textsOf(word: string, variables: ScriptVariables): readonly string[] {
  const values = possibleValues(word, variables);
  return values.length === 0 ? [word] : values;
}

/** The paths that the words and inputs of a pipeline may stand for, but for those of its outputs. */
function readBy(
  commands: readonly ShellCommand[],
  folder: string,
  { script, variables, temporary }: Reading,
): ReadonlySet<string> {
  const words = commands.flatMap((command) => {
    if (command.words[0] === 'tee') return command.inputs;
    const named = new Set(outputsOf(command).flatMap(({ word }) => (command.outputs.includes(word) ? [] : [word])));
    const own = command.words.slice(VERBS.has(command.words[1] ?? '') ? 2 : 1);
    return [...own.filter((word) => !named.has(word)), ...command.inputs];
  });
  const texts = new Set(words.slice(0, MOST_WORDS).flatMap((word) => [word, word.slice(word.indexOf('=') + 1)]));
  const reads = new Set<string>();
  for (const value of [...texts].flatMap((word) => (word.startsWith('-') ? [] : textsOf(word, variables)))) {
    for (const path of temporary.get(value)?.reads ?? []) if (reads.size < MOST_WORDS) reads.add(path);
    const path = value === '' ? undefined : pathIn(folder, value, folderOf(script.path));
    if (path !== undefined) reads.add(path);
  }
  return reads;
}

/** A copy of a file of the repository, or of what the same script has written elsewhere. */
function copy(
  { words }: ShellCommand,
  folder: string,
  by: string,
  { script, variables, tree, written, temporary }: Reading,
) {
  const names = words.slice(1).filter((word) => !word.startsWith('-'));
  if (names.length !== 2) return;
  const at = (value: string) => pathIn(folder, value, folderOf(script.path));
  for (const from of textsOf(names[0] ?? '', variables)) {
    for (const to of possibleValues(names[1] ?? '', variables)) {
      const [source, target] = [at(from), at(to)];
      const path = target !== undefined && tree.folders.has(target) ? `${target}/${baseName(from)}` : target;
      if (path === undefined || !tree.files.has(path) || written.files.has(path)) continue;
      const before = temporary.get(from);
      if (before && !before.reads.has(path)) written.files.set(path, { ...before.writer, by });
      const isCopied = words[0] === 'cp' && source !== undefined && source !== path && tree.files.has(source);
      if (isCopied) written.files.set(path, { by, source });
    }
  }
}

function noteWiped({ words }: ShellCommand, folders: readonly string[], { script, variables, wiped }: Reading): void {
  if (!words.some((word) => /^-[a-zA-Z]*[rR]/.test(word))) return;
  const values = words.slice(1, 20).flatMap((word) => possibleValues(word, variables));
  for (const folder of folders) {
    for (const value of values) {
      const path = pathIn(folder, value, folderOf(script.path));
      if (path !== undefined) wiped.add(path);
    }
  }
}

function nameOf({ path, command }: Script, line: number): string {
  return command === undefined ? `${path}:${line}` : `\`${command}\` (${path}:${line})`;
}

/** The writer of the innermost folder. A kustomization is written by hand beside what is generated. */
function writerOfFolder(path: string, folders: Written['folders']): Writer | undefined {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const inner = path.slice(end + 1);
    const found = folders.get(path.slice(0, end))?.find(({ direct, within, wiped }) => {
      if (isKustomization(path)) return wiped === true;
      if (direct && inner.includes('/')) return false;
      return within === undefined || inner.split('/').some((step) => within.includes(step));
    });
    if (found) return found;
  }
  return undefined;
}

/** `cdk8s synth` writes the folder `dist`, or the one that its configuration names. */
function addCdk8s(path: string, text: string, { folders }: Written): void {
  const [, given] = /^output:[ \t]{0,20}["']?([\w./-]{1,200})/m.exec(text) ?? [];
  const folder = pathIn(folderOf(path), given ?? 'dist', '');
  if (folder) addTo(folders, folder, { by: `\`cdk8s synth\` (${path})` });
}

/** kube-prometheus' layout: `manifests/` beside the jsonnet that is rendered into it. */
function addJsonnet(paths: readonly string[], { folders: there }: Tree, { folders }: Written): void {
  const sources = new Map<string, string[]>();
  for (const path of paths) if (path.endsWith('.jsonnet')) addTo(sources, folderOf(path), path);
  for (const [folder, found] of sources) {
    const target = `${folder}manifests`;
    const source = found.find((path) => baseName(path) === 'main.jsonnet') ?? found.toSorted()[0];
    if (!there.has(target) || source === undefined || folders.has(target)) continue;
    addTo(folders, target, { by: 'jsonnet', source });
  }
}
