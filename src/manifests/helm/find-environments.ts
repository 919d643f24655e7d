import { addTo } from '../../text/add-to.ts';
import { type Effort, IN_A_UNIT } from '../effort.ts';
import { baseName, folderOf } from '../reach.ts';
import { type Chart, inside, isSubchart } from './find-charts.ts';

/** A chart with the values files of one environment, as common layouts have them; `name` is missing for the chart alone. */
export interface Environment {
  readonly chart: Chart;
  readonly name?: string;
  readonly files: readonly string[];
}

const FOLDERS = ['environments', 'environment', 'envs', 'env', 'values', 'overlays', 'clusters', 'stages'];
const YAML = /\.ya?ml$/;

/**
 * The environments of every chart that can be a release: `values-<env>.yaml` and `<env>.values.yaml` beside it,
 * `environments/<env>/…` and its like within it or above it. A chart without any is one environment without a name,
 * which is nobody's release and only counts for what an edit may do to it.
 */
export function findEnvironments(
  paths: readonly string[],
  charts: ReadonlyMap<string, Chart>,
  effort: Effort,
): readonly Environment[] {
  const applications = [...charts.values()].filter((chart) => !chart.library && !isSubchart(chart.folder, charts));
  if (applications.length === 0) return [];
  const near = groupByPlace(paths);
  return applications.flatMap((chart): Environment[] => {
    const files = new Map<string, string[]>();
    for (const path of pathsNear(chart, near)) {
      // The place of each file is held against all charts.
      effort.spend(1 + applications.length / IN_A_UNIT.charts);
      const name = environmentOf(path, chart, applications);
      if (name !== undefined) addTo(files, name, path);
    }
    if (files.size === 0) return [{ chart, files: [] }];
    return [...files].map(([name, own]) => ({ chart, name, files: generalFirst(own, chart) }));
  });
}

/** Files of values by the folder to which their place belongs: a chart looks at its own and at those above it. */
function groupByPlace(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const path of [...paths].sort()) {
    if (!YAML.test(path) || baseName(path) === 'Chart.yaml') continue;
    const steps = path.split('/');
    const at = environmentStep(steps);
    // Beside a chart, or one folder below it.
    const places = at < 0 ? [steps.slice(0, -1), steps.slice(0, -2)] : [steps.slice(0, at), steps.slice(0, -1)];
    for (const place of new Set(places.map((one) => one.join('/')))) addTo(groups, place, path);
  }
  return groups;
}

function pathsNear(chart: Chart, near: ReadonlyMap<string, readonly string[]>): string[] {
  const steps = chart.folder === '' ? [] : chart.folder.split('/');
  const above = Array.from({ length: steps.length + 1 }, (_, depth) => steps.slice(0, depth).join('/'));
  return [...new Set(above.flatMap((folder) => near.get(folder) ?? []))].sort();
}

/** Where in a path the folder stands that holds the environments; -1 where there is none. */
function environmentStep(steps: readonly string[]): number {
  return steps.findLastIndex((step, index) => index < steps.length - 1 && FOLDERS.includes(step));
}

/** The environment whose values a file holds for a chart; `undefined` where it is no such file. */
function environmentOf(path: string, chart: Chart, applications: readonly Chart[]): string | undefined {
  const folder = folderOf(path).replace(/\/$/, '');
  if (folder === chart.folder) return fromFileName(baseName(path));
  const steps = path.split('/');
  const at = environmentStep(steps);
  if (at < 0) return withinChart(path, chart);
  const parent = steps.slice(0, at).join('/');
  if (!`${chart.folder}/`.startsWith(inside(parent)) || path.startsWith(`${inside(chart.folder)}templates/`)) {
    return undefined;
  }
  const rest = steps.slice(at + 1);
  const sharing = applications.filter((other) => `${other.folder}/`.startsWith(inside(parent)));
  const nearest = !sharing.some((other) => other !== chart && `${chart.folder}/`.startsWith(inside(other.folder)));
  return fromSteps(rest, chart, sharing.length === 1 && nearest);
}

function withinChart(path: string, chart: Chart): string | undefined {
  const within = path.startsWith(inside(chart.folder)) ? path.slice(inside(chart.folder).length).split('/') : [];
  return within.length === 2 && /^values\.ya?ml$/.test(within[1] ?? '') ? within[0] : undefined;
}

function fromFileName(file: string): string | undefined {
  const parts = /^(?:values[-_.](.+)|(.+)[-_.]values)\.ya?ml$/.exec(file);
  return parts?.[1] ?? parts?.[2];
}

/** `<env>.yaml`, `<env>/values.yaml`, `<env>/<chart>.yaml` and `<env>/<chart>/values.yaml`. */
function fromSteps(steps: readonly string[], chart: Chart, alone: boolean): string | undefined {
  const [first = '', second = '', third = ''] = steps;
  const own = [chart.name, baseName(chart.folder)];
  if (steps.length === 1) return alone ? (fromFileName(first) ?? first.replace(YAML, '')) : undefined;
  const stem = second.replace(YAML, '');
  if (steps.length === 2) {
    const named = own.some((name) => [name, `${name}-values`, `values-${name}`, `${name}.values`].includes(stem));
    return named || (alone && stem === 'values') ? first : undefined;
  }
  return steps.length === 3 && own.includes(second) && /^values\.ya?ml$/.test(third) ? first : undefined;
}

/** What names the chart is more special than what does not, and so the higher layer. */
function generalFirst(paths: readonly string[], chart: Chart): string[] {
  const named = (path: string) => path.includes(chart.name);
  const own = (path: string) => (folderOf(path) === inside(chart.folder) ? 0 : named(path) ? 2 : 1);
  return [...paths].sort((a, b) => own(a) - own(b) || (a < b ? -1 : 1));
}

/**
 * The environments that a namespace or release name speaks of: whole words first (`rel` in `pigo-rel`), else words that
 * begin alike (`prod` and `production`).
 */
export function namedEnvironments(
  environments: readonly Environment[],
  names: readonly string[],
): readonly Environment[] {
  const words = new Set(names.flatMap(wordsOfName));
  const whole = environments.filter(({ name = '?' }) => wordsOfName(name).every((word) => words.has(word)));
  if (whole.length > 0) return mostSpecial(whole);
  return environments.filter(({ name = '?' }) =>
    wordsOfName(name).every((word) => [...words].some((other) => isSynonym(word, other))),
  );
}

/** Each is held against each. */
const MOST_NAMED = 100;

/** `prod-eu` speaks of `prod-eu`, and not of `prod` besides. */
function mostSpecial(environments: readonly Environment[]): readonly Environment[] {
  if (environments.length > MOST_NAMED) return environments;
  const all = environments.map((one) => ({ one, words: wordsOfName(one.name ?? '?') }));
  return environments.filter((one, index) => {
    const own = all[index]?.words ?? [];
    return !all.some((other) => {
      const wider = other.words.length > own.length && own.every((word) => other.words.includes(word));
      return wider && other.one.chart === one.chart;
    });
  });
}

/** What stands before a word and makes another of it: `non-prod` is not `prod`. */
const BEFORE = ['non', 'pre', 'not'];

function wordsOfName(name: string): string[] {
  const words: string[] = [];
  for (const word of name.toLowerCase().split(/[^a-z0-9]+/)) {
    const last = words.at(-1);
    if (last !== undefined && BEFORE.includes(last)) words[words.length - 1] = `${last}${word}`;
    else if (word !== '') words.push(word);
  }
  return words;
}

const SYNONYMS = [
  ['prod', 'production', 'prd'],
  ['preprod', 'preproduction', 'preprd'],
  ['nonprod', 'nonproduction', 'nonprd'],
  ['dev', 'development', 'devel'],
  ['stg', 'stage', 'staging'],
  ['test', 'testing', 'tst'],
  ['rel', 'release'],
];

function isSynonym(one: string, other: string): boolean {
  return one === other || SYNONYMS.some((words) => words.includes(one) && words.includes(other));
}
