import { isObject, isParsed, type Json, type Path, valueAt } from '../documents.ts';
import type { Parser } from '../parser.ts';
import { baseName, folderOf } from '../reach.ts';
import { createLineFinder, createValueFinder } from '../value-places.ts';

/** A piece of a file that a shell runs. */
export interface Script {
  /** The file, and the line from 1 on which the piece begins. */
  readonly path: string;
  readonly line: number;
  readonly text: string;
  /** What a person calls to run it: `make generate`. */
  readonly command?: string;
  /** The folders, `` or ending in `/`, in one of which it may run; references to variables stand as they are written. */
  readonly runsIn: readonly string[];
  /** The values of a variable that is set around it. */
  readonly variables: ScriptVariables;
}

/** The values of a name, as they are written; `undefined` where they are not known. */
export type ScriptVariables = (name: string) => readonly string[] | undefined;

const WORKFLOW = /^\.github\/(workflows\/[^/]+|actions\/.+\/action)\.ya?ml$/;
const TASKFILE = /^Taskfile(\.dist)?\.ya?ml$/i;
const MAKEFILE = /^(GNU)?makefile$|\.mk$/i;
const JUSTFILE = /^\.?justfile$/i;
const SHELL_FOLDER = /(^|\/)(hack|scripts?|bin|ci|tools?)\//;
/** More than a target or a matrix has. */
const MOST_VALUES = 20;

/** Whether a file may hold what rewrites manifests. */
export function isScript(path: string): boolean {
  if (/(^|\/)(node_modules|vendor|\.terraform)\//.test(path)) return false;
  const name = baseName(path);
  if (WORKFLOW.test(path) || TASKFILE.test(name) || MAKEFILE.test(name) || JUSTFILE.test(name)) return true;
  return /\.(sh|bash)$/.test(name) || (!name.includes('.') && SHELL_FOLDER.test(path));
}

/** The pieces of a file of `isScript` that a shell runs. */
export function readScripts(path: string, text: string, parser: Parser): Script[] {
  const name = baseName(path);
  if (WORKFLOW.test(path)) return readYaml(path, text, parser, stepsOfWorkflow);
  if (TASKFILE.test(name)) return readYaml(path, text, parser, commandsOfTasks);
  if (MAKEFILE.test(name)) return readRecipes(path, text, 'make');
  if (JUSTFILE.test(name)) return readRecipes(path, text, 'just');
  if (!/\.(sh|bash)$/.test(name) && !/^#![^\n]{0,100}sh\b/.test(text)) return [];
  const runsIn = [...new Set(['', folderOf(path)])];
  return [{ path, line: 1, text, runsIn, variables: () => undefined }];
}

interface Found extends Pick<Script, 'command' | 'runsIn' | 'variables'> {
  readonly at: Path;
}

function readYaml(
  path: string,
  text: string,
  parser: Parser,
  find: (value: Json, folder: string) => Found[],
): Script[] {
  const parsed = parser.parse(text);
  const [document, value] = isParsed(parsed) ? [parsed.documents[0], parsed.values[0]] : [];
  if (!document || value === undefined) return [];
  const offsetOf = createValueFinder(document);
  const lineAt = createLineFinder(text);
  return find(value, folderOf(path)).flatMap(({ at, ...rest }): Script[] => {
    const run = valueAt(value, at);
    const offset = offsetOf(at);
    if (typeof run !== 'string' || offset === undefined) return [];
    const isBlock = text[offset] === '|' || text[offset] === '>';
    return [{ path, line: lineAt(offset) + (isBlock ? 1 : 0), text: run, ...rest }];
  });
}

function stepsOfWorkflow(value: Json): Found[] {
  const jobs = valueAt(value, ['jobs']);
  const holders: Path[] = isObject(jobs) ? Object.keys(jobs).map((job) => ['jobs', job]) : [['runs']];
  return holders.flatMap((holder) => {
    const steps = valueAt(value, [...holder, 'steps']);
    if (!Array.isArray(steps)) return [];
    const envs = [['env'], [...holder, 'env']].map((at) => valueAt(value, at));
    const matrix = valueAt(value, [...holder, 'strategy', 'matrix']);
    return steps.map((step: Json, index): Found => {
      const folders = [
        [...holder, 'steps', index],
        [...holder, 'defaults', 'run'],
        ['defaults', 'run'],
      ];
      const folder = folders.map((at) => valueAt(value, [...at, 'working-directory'])).find((one) => one !== undefined);
      const own = [valueAt(step, ['env']), ...envs.toReversed()];
      const variables = (name: string) =>
        name.startsWith('matrix.')
          ? listIn([matrix], name.slice('matrix.'.length))
          : listIn(own, name.replace(/^env\./, ''));
      return { at: [...holder, 'steps', index, 'run'], runsIn: [asFolder(folder)], variables };
    });
  });
}

function commandsOfTasks(value: Json, folder: string): Found[] {
  const tasks = valueAt(value, ['tasks']);
  if (!isObject(tasks)) return [];
  return Object.keys(tasks).flatMap((name): Found[] => {
    const task = tasks[name];
    const at: Path = ['tasks', name];
    const inner: Path = isObject(task) ? ['cmds'] : [];
    const list = valueAt(task, inner);
    const commands: Path[] = Array.isArray(list)
      ? list.flatMap((_, index): Path[] => [
          [...inner, index],
          [...inner, index, 'cmd'],
        ])
      : [inner, ['cmd']];
    const own = [valueAt(task, ['vars']), valueAt(value, ['vars'])];
    const variables = (name: string) => listIn(own, name);
    const runsIn = [`${folder}${asFolder(valueAt(task, ['dir']))}`];
    return commands.map((one) => ({ at: [...at, ...one], command: `task ${name}`, runsIn, variables }));
  });
}

function asFolder(value: Json | undefined): string {
  return typeof value === 'string' && value !== '' ? `${value.replace(/\/$/, '')}/` : '';
}

/** What the first of some maps that has a key says there: a text or a list of texts. */
function listIn(maps: readonly (Json | undefined)[], key: string): readonly string[] | undefined {
  const found = maps.map((map) => valueAt(map, [key])).find((one) => one !== undefined);
  const list = (Array.isArray(found) ? found : [found]).filter((text): text is string => typeof text === 'string');
  return list.length === 0 || list.length > MOST_VALUES ? undefined : list;
}

/** The lines of the targets of a Makefile or a justfile; a line that ends in `\` goes on. */
function readRecipes(path: string, text: string, tool: 'make' | 'just'): Script[] {
  const scripts: Script[] = [];
  const around = new Map<string, readonly string[]>();
  let target: Target | undefined;
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const first = index;
    let one = lines[index] ?? '';
    const isRecipe = tool === 'make' ? one.startsWith('\t') : /^[ \t]+\S/.test(one);
    const parts = [one];
    while (one.endsWith('\\') && index + 1 < lines.length) {
      index++;
      one = lines[index] ?? '';
      parts.push(one);
    }
    const whole = parts.join('\n');
    if (!isRecipe) {
      const [, name, given] = /^(?:export\s|override\s)?\s*([\w.-]+)\s*[:?]{0,3}=(.*)$/.exec(whole) ?? [];
      if (name !== undefined && given !== undefined) {
        const before = around.get(name);
        const value = given.trim().replace(/^(['"])([^'"]*)\1$/, '$2');
        around.set(name, before && before[0] !== value ? [] : [value]);
      } else target = readTarget(whole) ?? target;
      continue;
    }
    if (!target) continue;
    const of = target.variables;
    const run = whole.replace(/^[\t @+-]+/, '');
    scripts.push({
      path,
      line: first + 1,
      text: tool === 'make' ? run.replace(/\$([@<])/g, '$($1)').replaceAll('$$', '$') : run,
      ...(target.name === undefined ? {} : { command: `${tool} ${target.name}` }),
      runsIn: [folderOf(path)],
      // What is assigned further down counts, too.
      variables: (name) => of.get(name) ?? around.get(name),
    });
  }
  return scripts;
}

interface Target {
  readonly name?: string;
  readonly variables: ReadonlyMap<string, readonly string[]>;
}

function readTarget(line: string): Target | undefined {
  const colon = line.indexOf(':');
  if (colon <= 0 || line.startsWith('#') || line[colon + 1] === '=') return undefined;
  const names = line.slice(0, colon).trim().replace(/^@/, '').split(/\s+/);
  const [name = ''] = names;
  const needs = line
    .slice(colon + 1)
    .trim()
    .split(/\s+/)
    .slice(0, 1);
  const variables = new Map([
    ['@', names.slice(0, MOST_VALUES)],
    ['<', needs],
  ]);
  return { ...(/^[\w./-]{1,60}$/.test(name) ? { name } : {}), variables };
}
