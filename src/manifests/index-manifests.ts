import type { RepositoryFile, RepositoryFiles } from '../model/delivery.ts';
import { type Applied, readApplied } from './applied.ts';
import { type ParsedFile, parseManifest } from './documents.ts';
import { generatedMatcher } from './generated.ts';
import { manifestMatcher } from './glob.ts';
import { baseName, findReached, isKustomization, type Reach } from './reach.ts';
import { decode, type Refusal, refuseText, refuseUnread } from './readable.ts';

export const DEFAULT_MANIFESTS: readonly string[] = ['**/*.yaml', '**/*.yml', '**/*.json'];

const WORKLOAD_KINDS = /Deployment|StatefulSet|DaemonSet|Pod/;
const READS_AT_ONCE = 32;

/** A file that may define a workload. `refusal` is set where it may be named but not edited. */
export interface ManifestFile {
  readonly path: string;
  readonly text: string;
  readonly refusal?: Refusal;
  /** The kustomization or chart that renders it. */
  readonly renderedBy?: string;
}

/** The repository as it was at the base: read once, parsed where a workload's name occurs. */
export interface ManifestIndex {
  /** Every path of the repository that is a plain file. */
  readonly paths: readonly string[];
  readonly manifests: readonly ManifestFile[];
  /** Matched by the globs, but never read: the path and why. */
  readonly unread: ReadonlyMap<string, Refusal>;
  /** Texts of all kustomizations, by path. */
  readonly kustomizations: ReadonlyMap<string, string>;
  /** What the repository's own Argo CD and Flux objects apply. */
  readonly applied: readonly Applied[];
  /** Whether the globs take in a path (a kustomization as if it were YAML by name) and nothing marks it as generated. */
  editable(path: string): boolean;
  parse(file: ManifestFile): ParsedFile | Refusal;
}

/**
 * Reads what the globs match and keeps the files in which a workload may stand, found by a text search; parsing comes
 * later and only where needed. Files that are unsafe to edit are remembered with the reason.
 */
export async function indexManifests(files: RepositoryFiles, globs: readonly string[]): Promise<ManifestIndex> {
  const listed = await files.list();
  const plainFiles = listed.filter((file) => file.type === 'file');
  const paths = plainFiles.map((file) => file.path);
  const matches = manifestMatcher(globs.length === 0 ? DEFAULT_MANIFESTS : globs);
  const kustomizations = await readTexts(
    files,
    plainFiles.filter((file) => isKustomization(file.path)),
  );
  const attributes = await readTexts(
    files,
    plainFiles.filter((file) => baseName(file.path) === '.gitattributes'),
  );
  const reached = findReached(paths, kustomizations);

  const generated = generatedMatcher(attributes);
  const unread = new Map<string, Refusal>();
  const wanted = listed.filter((file) => /\.(ya?ml|json)$/i.test(file.path) && matches(file.path));
  const applied: Applied[] = [];
  const manifests = await readManifests(files, wanted, { unread, applied, reached, generated });
  const parsed = new Map<string, ParsedFile | Refusal>();
  return {
    paths,
    manifests,
    unread,
    kustomizations,
    applied,
    editable: (path) => (matches(path) || (isKustomization(path) && matches(`${path}.yaml`))) && !generated(path),
    parse(file) {
      const known = parsed.get(file.path) ?? parseManifest(file.text);
      parsed.set(file.path, known);
      return known;
    },
  };
}

async function readManifests(
  files: RepositoryFiles,
  wanted: readonly RepositoryFile[],
  about: {
    readonly unread: Map<string, Refusal>;
    readonly applied: Applied[];
    readonly reached: Reach;
    readonly generated: (path: string) => boolean;
  },
): Promise<ManifestFile[]> {
  const found = await inBatches(wanted, async (file): Promise<ManifestFile | undefined> => {
    const refused = refuseUnread(file);
    const text = refused ? undefined : decode(await files.read(file.path));
    if (text === undefined) {
      about.unread.set(file.path, refused ?? { reason: 'unsafe file', why: 'it is not valid UTF-8' });
      return undefined;
    }
    const refusal = refuseText(text, about.generated(file.path));
    if (refusal?.reason === 'unsafe file') about.unread.set(file.path, refusal);
    about.applied.push(...readApplied(text));
    if (!WORKLOAD_KINDS.test(text) || isKustomization(file.path)) return undefined;
    const renderedBy = about.reached.get(file.path);
    return { path: file.path, text, ...(refusal ? { refusal } : {}), ...(renderedBy ? { renderedBy } : {}) };
  });
  return found.filter((file) => file !== undefined).sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function readTexts(files: RepositoryFiles, wanted: readonly RepositoryFile[]): Promise<Map<string, string>> {
  const readable = wanted.filter((file) => refuseUnread(file) === undefined);
  const texts = await inBatches(readable, async (file) => decode(await files.read(file.path)) ?? '');
  return new Map(readable.map((file, index) => [file.path, texts[index] ?? '']));
}

async function inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += READS_AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + READS_AT_ONCE).map(work))));
  }
  return results;
}
