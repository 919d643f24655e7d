import { formatMegabytes, MIB } from '../bytes.ts';
import type { RepositoryFile, RepositoryFiles } from '../model/repository-files.ts';
import { mayDeclare } from './declare.ts';
import type { ApplyingObject } from './deployed/deployed.ts';
import { findApplyingObjects, mayApply } from './deployed/find-objects.ts';
import type { ParsedFile } from './documents.ts';
import { createEffort, IN_A_UNIT, OVER_EFFORT, OverEffort } from './effort.ts';
import { findReached } from './find-reached.ts';
import { findWriters, type Generated, refuseWritten, type WriterOf } from './generated/find-writers.ts';
import { generatedMatcher } from './generated/marked.ts';
import { isScript } from './generated/read-scripts.ts';
import { isToolFile, manifestMatcher } from './glob.ts';
import { type LoadGraph, readLoadGraph } from './kustomize/load-graph.ts';
import { createParser, type Parser } from './parser.ts';
import { baseName, folderOf, isKustomization } from './reach.ts';
import { decode, refuseText, refuseUnread, type WhyNot } from './readable.ts';

const DEFAULT_MANIFESTS: readonly string[] = ['**/*.yaml', '**/*.yml', '**/*.json'];

/** What says how charts are released, or holds their values. */
const SOURCES = /\bkind["']?\s{0,20}:\s{0,20}["']?(HelmRelease|HelmChart|OCIRepository|Application|ConfigMap)\b/;
const MONITORS = /\b(?:Service|Pod)Monitor\b/;
/** The beginning of the `$schema` of the action's own reports. */
const REPORT_BEGIN = /^\s*\{\s*"\$schema":\s*"urn:kubernetes-memory-inspector:report/;
const READS_AT_ONCE = 32;
/** More than any repository of manifests has; what lies beyond is not looked at, which is said. */
const MOST_BYTES = 128 * MIB;
/** Of all kustomizations, and of all `.gitattributes`; each is parsed as a whole. */
const MOST_SPECIAL_BYTES = 16 * MIB;
/** Objects that say what is applied. */
const MOST_APPLYING = 10_000;
/** A template of a chart that writes an object which says what is applied. */
const TEMPLATE = /(^|\/)templates\//;
const WRITES_APPLICATION = /^kind:[ \t]{0,10}["']?(?:Application|ApplicationSet|Kustomization)["']?[ \t\r]*$/m;
const UNLESS_SAID = { most: MOST_SPECIAL_BYTES, largest: Number.POSITIVE_INFINITY } as const;
/** Of scripts, workflows and Makefiles together, and of one. What lies beyond is taken to write nothing. */
const MOST_SCRIPT_BYTES = 8 * MIB;
const LARGEST_SCRIPT = MIB / 4;
const MOST_SCRIPT_UNITS = 1_000_000;

/** A file that may define a workload. `refusal` is set where it may be named but not edited. */
export interface ManifestFile {
  readonly path: string;
  readonly text: string;
  readonly refusal?: WhyNot;
  /** The kustomization or chart that renders it. */
  readonly renderedBy?: string;
}

/** The repository as it was at the base: read once, parsed where a workload's name occurs. */
export interface ManifestIndex {
  /** Every path of the repository that is a plain file. */
  readonly paths: readonly string[];
  readonly manifests: readonly ManifestFile[];
  /** Those in which a ServiceMonitor or PodMonitor may stand. */
  readonly monitors: readonly ManifestFile[];
  /** Matched by the globs, but never read: the path and why. */
  readonly unread: ReadonlyMap<string, WhyNot>;
  /** Texts of all kustomizations, by path, and what they load. */
  readonly kustomizations: ReadonlyMap<string, string>;
  readonly graph: LoadGraph;
  /** The objects of Argo CD and Flux that say what is applied, wherever the globs point. */
  readonly applying: readonly ApplyingObject[];
  /** Templates of charts that write such objects. */
  readonly applyingTemplates: readonly string[];
  /** Files, whether the globs take them in or not, in which a Helm release or a ConfigMap may be described. */
  readonly sources: readonly string[];
  /** Why not everything was looked at. */
  readonly over?: WhyNot;
  /** Whether the globs take in a path, a kustomization as if it were YAML by name. */
  includes(path: string): boolean;
  /** Whether the globs take in a path, and nothing is known to generate it. */
  editable(path: string): boolean;
  /** Why a path is not edited that `.gitattributes` marks as generated or something of the repository writes. */
  generated(path: string): Generated | undefined;
  parse(file: ManifestFile): ParsedFile | WhyNot;
}

/**
 * Reads what the globs match and keeps the files in which a workload may stand, found by a text search; parsing comes
 * later and only where needed. Files that are unsafe to edit are remembered with the reason.
 */
export async function indexManifests(files: RepositoryFiles, globs: readonly string[]): Promise<ManifestIndex> {
  const listed = await files.list();
  const plainFiles = listed.filter((file) => file.type === 'file');
  const paths = plainFiles.map((file) => file.path);
  const effort = createEffort();
  const parser = createParser(effort);
  const matches = manifestMatcher(globs.length === 0 ? DEFAULT_MANIFESTS : globs, (steps) =>
    effort.spend(steps / IN_A_UNIT.globSteps),
  );
  const readNamed = async (
    what: string,
    fits: (path: string) => boolean,
    { most, largest }: { readonly most: number; readonly largest: number } = UNLESS_SAID,
  ) => {
    const named = withinBudget(
      plainFiles.filter((file) => file.size <= largest && fits(file.path)),
      most,
      what,
    );
    return { over: named.over, texts: await readTexts(files, named.within) };
  };
  const { texts: kustomizations, over } = await readNamed('kustomizations', isKustomization);
  const attributes = await readNamed('.gitattributes', (path) => baseName(path) === '.gitattributes');
  const scripts = await readNamed('scripts', isScript, { most: MOST_SCRIPT_BYTES, largest: LARGEST_SCRIPT });
  const cdk8s = await readNamed('cdk8s.yaml', (path) => baseName(path) === 'cdk8s.yaml');
  const scriptEffort = createEffort(MOST_SCRIPT_UNITS);
  const generated = generatedBy(
    generatedMatcher(attributes.texts, effort),
    // Scripts do not use up what the manifests need.
    findWriters({ paths, scripts: scripts.texts, cdk8s: cdk8s.texts }, createParser(scriptEffort), scriptEffort),
  );
  const includes = (path: string) => matches(path) || (isKustomization(path) && matches(`${path}.yaml`));
  const templateAt = templateFinder(paths);
  const found = await readEverything(files, listed, { matches, generated, templateAt, parser });
  const graph = readLoadGraph(paths, kustomizations);
  const reached = findReached(paths, graph);
  const notAll = found.over ?? over ?? attributes.over;
  const withReach = (file: ManifestFile): ManifestFile => {
    const renderedBy = reached.get(file.path);
    return renderedBy === undefined ? file : { ...file, renderedBy };
  };
  return {
    ...found,
    ...(notAll ? { over: notAll } : {}),
    paths,
    manifests: found.manifests.map(withReach),
    monitors: found.monitors.map(withReach),
    kustomizations,
    graph,
    includes,
    editable: (path) => includes(path) && !generated(path),
    generated,
    parse: (file) => parser.parse(file.text),
  };
}

/** What is known to write a path comes first: it names the source. */
function generatedBy(isMarked: (path: string) => boolean, writerOf: WriterOf): ManifestIndex['generated'] {
  return (path) => {
    const writer = writerOf(path);
    if (writer) return refuseWritten(writer);
    return isMarked(path)
      ? { reason: 'generated', why: 'it is marked as generated by .gitattributes: change its source' }
      : undefined;
  };
}

/** Finds the template of a chart of the repository by the name that `helm template` writes: chart and path within. */
function templateFinder(paths: readonly string[]): (named: string) => string | undefined {
  const byName = new Map<string, string>();
  for (const path of paths) {
    const [, chart] = /^(.*?)\/(?:templates|crds)\//.exec(path) ?? [];
    // That of a chart within another is named from the outer one.
    const outer = chart === undefined ? undefined : /^(.*)\/charts\/[^/]+$/.exec(chart)?.[1];
    for (const one of [chart, outer]) if (one !== undefined) byName.set(path.slice(folderOf(one).length), path);
  }
  return (named) => byName.get(named);
}

interface Rules {
  matches(path: string): boolean;
  generated(path: string): WhyNot | undefined;
  templateAt(named: string): string | undefined;
  readonly parser: Parser;
}

/** One pass over every file that may hold an object; a text is kept only where a workload may stand in it. */
async function readEverything(
  files: RepositoryFiles,
  listed: readonly RepositoryFile[],
  rules: Rules,
): Promise<
  Pick<ManifestIndex, 'manifests' | 'monitors' | 'unread' | 'applying' | 'applyingTemplates' | 'sources' | 'over'>
> {
  const unread = new Map<string, WhyNot>();
  const applying: ApplyingObject[] = [];
  const applyingTemplates: string[] = [];
  const sources: string[] = [];
  const monitors: ManifestFile[] = [];
  const wanted = listed.filter((file) => /\.(ya?ml|json)$/i.test(file.path) && !isToolFile(file.path));
  const { within, over } = withinBudget(wanted, MOST_BYTES, 'YAML and JSON');
  let spent = over;
  const readOne = async (file: RepositoryFile): Promise<ManifestFile | undefined> => {
    const isManifest = rules.matches(file.path);
    const refused = refuseUnread(file);
    const text = refused ? undefined : decode(await files.read(file.path));
    if (text === undefined) {
      if (isManifest) unread.set(file.path, refused ?? { reason: 'unsafe file', why: 'it is not valid UTF-8' });
      return undefined;
    }
    // Of a folder that used to be the reports'.
    if (isReport(text)) return undefined;
    if (SOURCES.test(text)) sources.push(file.path);
    if (mayApply(text)) {
      const isTemplate = TEMPLATE.test(file.path) && text.includes('{{');
      if (isTemplate && WRITES_APPLICATION.test(text)) applyingTemplates.push(file.path);
      // With placeholders in quotes it may be YAML all the same.
      const objects = isTemplate ? [] : findApplyingObjects(file.path, text, rules.parser);
      applying.push(...objects.slice(0, MOST_APPLYING - applying.length));
    }
    if (!isManifest) return undefined;
    const refusal = refuseText(text, rules.generated(file.path), rules.templateAt);
    if (refusal?.reason === 'unsafe file') unread.set(file.path, refusal);
    if (isKustomization(file.path)) return undefined;
    const one = { path: file.path, text, ...(refusal ? { refusal } : {}) };
    if (MONITORS.test(text)) monitors.push(one);
    return mayDeclare(text) ? one : undefined;
  };
  const found = await inBatches(within, async (file) => {
    try {
      return spent === OVER_EFFORT ? undefined : await readOne(file);
    } catch (thrown) {
      if (!(thrown instanceof OverEffort)) throw thrown;
      spent = OVER_EFFORT;
      return undefined;
    }
  });
  const byPath = (a: ManifestFile, b: ManifestFile) => (a.path < b.path ? -1 : 1);
  return {
    manifests: found.filter((file) => file !== undefined).sort(byPath),
    monitors: monitors.sort(byPath),
    unread,
    applying: applying.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    applyingTemplates: applyingTemplates.sort(),
    sources: sources.sort(),
    ...(spent ? { over: spent } : {}),
  };
}

/** The mark alone anybody can write into a manifest; a report has no objects of an API. */
function isReport(text: string): boolean {
  return REPORT_BEGIN.test(text.slice(0, 200)) && !/apiVersion|\\[ux]/.test(text);
}

function withinBudget(
  wanted: readonly RepositoryFile[],
  most: number,
  what: string,
): { readonly within: readonly RepositoryFile[]; readonly over?: WhyNot } {
  let bytes = 0;
  const within = wanted.filter((file) => {
    bytes += refuseUnread(file) ? 0 : file.size;
    return bytes <= most;
  });
  if (within.length === wanted.length) return { within };
  const why = `the repository has more than ${formatMegabytes(most)} of ${what}, so not all of it was read`;
  return { within, over: { reason: 'over budget', why } };
}

async function readTexts(files: RepositoryFiles, wanted: readonly RepositoryFile[]): Promise<Map<string, string>> {
  const readable = wanted.filter((file) => refuseUnread(file) === undefined);
  const texts = await inBatches(readable, async (file) => decode(await files.read(file.path)) ?? '');
  return new Map(readable.map((file, index) => [file.path, texts[index] ?? '']));
}

async function inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += READS_AT_ONCE) {
    for (const result of await Promise.all(items.slice(start, start + READS_AT_ONCE).map(work))) results.push(result);
  }
  return results;
}
