import type { Unread } from '../../model/declared.ts';
import { workloadKinds } from '../../model/kinds.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import { folderOf } from '../reach.ts';
import { kindsOfObjects, type MemoryLines } from './memory-lines.ts';

/** The changed files that no application loads. */
export interface UnappliedFiles {
  readonly paths: Iterable<string>;
  readonly head: ManifestIndex;
  readonly lines: MemoryLines;
}

const WRITTEN = /\.(?:ya?ml|json|tpl|gotmpl)$/i;
/** Of tools, as of a CI's. */
const HIDDEN = /(^|\/)\./;
/** For chart-testing, which installs a chart to throw it away. */
const FOR_TESTS = /^ci\//;
const NO_RELEASE = 'no release that is known loads what changes of it: the option helm-releases can name one';
const NO_APPLICATION = 'no application that is known loads it: the option manifests can leave it out';

/**
 * Files that set memory otherwise and that nothing which is known applies: a chart without a release, a kustomization that no
 * application takes, values that nothing names. A resource of another kind than a workload's is let be: what it makes is not
 * known either way.
 */
export async function findUnapplied({ paths, head, lines }: UnappliedFiles): Promise<readonly Unread[]> {
  const charts = new Set(head.paths.filter((path) => /(^|\/)Chart\.yaml$/.test(path)).map(folderOf));
  const found = new Map<string, Unread>();
  for (const path of paths) {
    if (!WRITTEN.test(path)) continue;
    const chart = chartOf(path, charts);
    if (chart === undefined) {
      if (!(await isUnapplied(path, { head, lines }))) continue;
      found.set(path, { path, reason: 'not applied', why: NO_APPLICATION });
    } else {
      const described = `${chart}Chart.yaml`;
      if (!head.includes(described) || FOR_TESTS.test(path.slice(chart.length)) || !(await lines.differ(path)))
        continue;
      found.set(described, { path: described, reason: 'not applied', why: NO_RELEASE });
    }
  }
  return [...found.values()];
}

async function isUnapplied(path: string, { head, lines }: Omit<UnappliedFiles, 'paths'>): Promise<boolean> {
  if (HIDDEN.test(path) || !head.includes(path) || !(await lines.setOtherwise(path))) return false;
  const text = (await lines.headText(path)) ?? '';
  if (/^services:/m.test(text)) return false;
  const kinds = kindsOfObjects(text);
  return kinds.length === 0 || kinds.some((kind) => kind === 'List' || workloadKinds.some((known) => known === kind));
}

/** The folder of the chart that a path lies in: with one in another's `charts/`, the outer one's. */
function chartOf(path: string, charts: ReadonlySet<string>): string | undefined {
  let found: string | undefined;
  for (let folder = folderOf(path); ; folder = folderOf(folder.slice(0, -1))) {
    if (charts.has(folder) && (found === undefined || /^charts\/[^/]+\/$/.test(found.slice(folder.length))))
      found = folder;
    if (folder === '') return found;
  }
}
