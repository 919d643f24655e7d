import { pathMatcher } from '../../text/glob.ts';
import { isObject, itemsAt, type Json, mapAt, textAt } from '../documents.ts';
import { type Effort, IN_A_UNIT } from '../effort.ts';
import { baseName } from '../reach.ts';
import { type Home, UNKNOWN } from './deployed.ts';
import { fillTemplate, flatten, type TemplateParams } from './fill-template.ts';
import { judgeSource } from './source.ts';

/** What generators look at. */
export interface GeneratorContext {
  readonly home: Home;
  readonly go: boolean;
  readonly effort: Effort;
  /** Every folder of the repository, without a slash at its end. */
  readonly folders: readonly string[];
  readonly paths: readonly string[];
  /** The plain values of a file's documents; `undefined` where it cannot be read. */
  read(path: string): Promise<readonly Json[] | undefined>;
}

/** One set of parameters for each instance, or why they are not known. */
type GeneratedInstances =
  | { readonly state: 'known'; readonly instances: readonly Instance[] }
  | { readonly state: 'not known'; readonly why: string };

export interface Instance {
  readonly params: TemplateParams;
  /** There is one for each cluster. */
  readonly onEachCluster: boolean;
}

/** More than a repository can review. */
const MOST_INSTANCES = 2000;

const DEEPEST = 3;

/** What the generators of an ApplicationSet give, all together. */
export async function generate(
  generators: readonly Json[],
  repository: GeneratorContext,
  depth = 0,
): Promise<GeneratedInstances> {
  const instances: Instance[] = [];
  for (const generator of generators) {
    const one = await generateOne(generator, repository, depth);
    if (one.state === 'not known') return one;
    instances.push(...one.instances);
    if (instances.length > MOST_INSTANCES) return notKnown(`it makes more than ${MOST_INSTANCES} applications`);
  }
  return { state: 'known', instances };
}

async function generateOne(generator: Json, repository: GeneratorContext, depth: number): Promise<GeneratedInstances> {
  if (!isObject(generator)) return notKnown('a generator of it is empty');
  const kind = Object.keys(generator).find((key) => !['selector', 'template'].includes(key)) ?? 'none';
  if (isObject(generator.selector)) return notKnown(`its ${kind} generator chooses by a selector`);
  const spec = mapAt(generator, kind);
  if (isObject(spec.template)) return notKnown(`its ${kind} generator has a template of its own`);
  if (kind === 'list') return generateFromList(spec);
  if (kind === 'clusters') return generateFromClusters(spec, repository);
  if (kind === 'git') return generateFromGit(spec, repository);
  if (kind === 'matrix' && depth < DEEPEST) return multiply(itemsAt(spec, 'generators'), repository, depth);
  return notKnown(`its ${kind} generator is not read`);
}

function generateFromList(spec: Json): GeneratedInstances {
  if (textAt(spec, 'elementsYaml') !== undefined) return notKnown('its list generator reads elementsYaml');
  const instances = itemsAt(spec, 'elements').slice(0, MOST_INSTANCES + 1);
  return { state: 'known', instances: instances.map((one) => instanceOf(flatten(one))) };
}

/** Which clusters there are, only the cluster knows: one instance stands for all of them. */
function generateFromClusters(spec: Json, repository: GeneratorContext): GeneratedInstances {
  const unknown = ['name', 'nameNormalized', 'server', 'project'].map((key) => [key, UNKNOWN] as const);
  const params = new Map<string, string>(unknown);
  const values = flatten(mapAt(spec, 'values')).map(([key, value]) => {
    const filled = fillTemplate(value, params, repository);
    return [`values.${key}`, typeof filled === 'string' ? filled : UNKNOWN] as const;
  });
  return { state: 'known', instances: [{ ...instanceOf([...unknown, ...values]), onEachCluster: true }] };
}

async function generateFromGit(spec: Json, repository: GeneratorContext): Promise<GeneratedInstances> {
  const source = judgeSource(textAt(spec, 'repoURL'), textAt(spec, 'revision'), repository.home);
  if (source.state === 'elsewhere') return notKnown(`its git generator reads ${source.from}`);
  const prefix = textAt(spec, 'pathParamPrefix');
  const root = prefix === undefined ? 'path' : `${prefix}.path`;
  const values = flatten(mapAt(spec, 'values'));
  const withValues = (params: readonly (readonly [string, string])[]): Instance => {
    const own = new Map(params);
    const filled = values.map(
      ([key, value]) => [`values.${key}`, String(fillTemplate(value, own, repository))] as const,
    );
    return instanceOf([...params, ...filled]);
  };
  if (itemsAt(spec, 'directories').length > 0) {
    const folders = chosen(itemsAt(spec, 'directories'), repository.folders, repository);
    return {
      state: 'known',
      instances: folders.map((folder) => withValues(paramsOfPath(folder, root, repository.go))),
    };
  }
  const instances: Instance[] = [];
  for (const path of chosen(itemsAt(spec, 'files'), repository.paths, repository)) {
    const contents = await repository.read(path);
    if (contents === undefined) return notKnown(`its git generator reads ${path}, which could not be read`);
    const folder = path.split('/').slice(0, -1).join('/');
    const about = [...paramsOfPath(folder, root, repository.go), [`${root}.filename`, baseName(path)] as const];
    const objects = contents.flatMap((one) => (Array.isArray(one) ? (one as readonly Json[]) : [one]));
    for (const one of objects) instances.push(withValues([...flatten(one), ...about]));
  }
  return { state: 'known', instances };
}

/** The texts that a list of `path` patterns takes in, but for those that one with `exclude` does. */
function chosen(patterns: readonly Json[], texts: readonly string[], { effort }: GeneratorContext): string[] {
  const count = (steps: number) => effort.spend(steps / IN_A_UNIT.globSteps);
  const rules = patterns.slice(0, MOST_PATTERNS).flatMap((one) => {
    const path = textAt(one, 'path');
    if (path === undefined) return [];
    const anchored = `/${path.replace(/^\.?\//, '')}`;
    return [{ fits: pathMatcher(anchored, count), excludes: isObject(one) && one.exclude === true }];
  });
  // Each is taken apart before it is compared.
  effort.spend((texts.length * rules.length) / 4);
  const [excluding, including] = [rules.filter(({ excludes }) => excludes), rules.filter(({ excludes }) => !excludes)];
  return texts
    .filter((text) => including.some(({ fits }) => fits(text)) && !excluding.some(({ fits }) => fits(text)))
    .slice(0, MOST_INSTANCES + 1);
}

const MOST_PATTERNS = 50;

function paramsOfPath(folder: string, root: string, go: boolean): (readonly [string, string])[] {
  const steps = folder.split('/');
  const name = steps.at(-1) ?? '';
  const normalized = name.toLowerCase().replace(/[^a-z0-9.-]/g, '-');
  const segments = steps.map((step, index) => [go ? `${root}.segments.${index}` : `${root}[${index}]`, step] as const);
  return [
    [go ? `${root}.path` : root, folder],
    [`${root}.basename`, name],
    [`${root}.basenameNormalized`, normalized],
    ...segments,
  ];
}

async function multiply(
  generators: readonly Json[],
  repository: GeneratorContext,
  depth: number,
): Promise<GeneratedInstances> {
  const [first, second, ...more] = generators;
  if (first === undefined || second === undefined || more.length > 0)
    return notKnown('its matrix has not two generators');
  const left = await generate([first], repository, depth + 1);
  if (left.state === 'not known') return left;
  const instances: Instance[] = [];
  for (const one of left.instances) {
    const right = await generate([fillTemplate(second, one.params, repository)], repository, depth + 1);
    if (right.state === 'not known') return right;
    for (const other of right.instances) {
      repository.effort.spend(one.params.size + other.params.size);
      instances.push({
        params: new Map([...one.params, ...other.params]),
        onEachCluster: one.onEachCluster || other.onEachCluster,
      });
    }
    if (instances.length > MOST_INSTANCES) return notKnown(`it makes more than ${MOST_INSTANCES} applications`);
  }
  return { state: 'known', instances };
}

function instanceOf(params: Iterable<readonly [string, string]>): Instance {
  return { params: new Map(params), onEachCluster: false };
}

function notKnown(why: string): GeneratedInstances {
  return { state: 'not known', why };
}
