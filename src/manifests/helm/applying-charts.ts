import type { NamedRelease } from '../../model/mapping.ts';
import type { RepositoryFiles } from '../../model/repository-files.ts';
import { type ApplyingObject, type Home, UNKNOWN, type Unreadable } from '../deployed/deployed.ts';
import { findApplyingObjects } from '../deployed/find-objects.ts';
import { ARGO_GROUP } from '../deployed/read-argo.ts';
import type { WrittenObjects } from '../deployed/read-deployed.ts';
import { createEffort } from '../effort.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import type { Scratch } from '../rendering/scratch.ts';
import { readApplication } from './find-argo.ts';
import { findCharts } from './find-charts.ts';
import { findEnvironments } from './find-environments.ts';
import { fromOption } from './find-releases.ts';
import { loadRelease } from './load-release.ts';
import { type PlacedRelease, place, type Release } from './release.ts';
import { createRenderer } from './render.ts';
import type { Helm } from './run-helm.ts';
import { templateOf } from './template-of.ts';
import { openTexts } from './texts.ts';

interface ApplyingCharts {
  readonly index: ManifestIndex;
  readonly files: RepositoryFiles;
  readonly home: Home;
  readonly helmReleases: readonly NamedRelease[];
  readonly helm: Helm;
  readonly scratch: Scratch;
}

const NOTHING: WrittenObjects = { objects: [], unreadable: [] };

/**
 * The objects that the repository's charts write, where their templates write Applications: each chart rendered for the
 * releases that some objects describe, or that the option names. What nobody releases is rendered by itself at the end: it is only read.
 */
export async function openApplyingCharts(
  context: ApplyingCharts,
): Promise<(objects: readonly ApplyingObject[]) => Promise<WrittenObjects>> {
  const { index, files, home, helm, scratch, helmReleases } = context;
  const waiting = new Set(index.applyingTemplates.map(chartOf));
  if (waiting.size === 0) return async () => NOTHING;
  const texts = await openTexts(files, createEffort(), index.generated);
  const charts = await findCharts(texts);
  const renderer = createRenderer(helm, texts, scratch);
  const seen = new Set<string>();

  const renderOne = async (release: PlacedRelease): Promise<WrittenObjects> => {
    if (release.chart.kind === 'remote' || seen.has(JSON.stringify(release))) return NOTHING;
    seen.add(JSON.stringify(release));
    const { folder } = release.chart;
    waiting.delete(folder);
    const loaded = await loadRelease(release, { texts, charts });
    const rendering =
      'reason' in loaded || release.obstacle !== undefined
        ? { state: 'failed' as const, why: release.obstacle ?? ('reason' in loaded ? loaded.why : '') }
        : await renderer.render(loaded);
    if (rendering.state !== 'rendered') {
      return {
        objects: [],
        unreadable: [unreadable(folder, 'why' in rendering ? rendering.why : 'helm is not installed')],
      };
    }
    const objects = rendering.documents.flatMap((text) =>
      findApplyingObjects(templateOf(text) ?? folder, text, texts.parser).map(({ place: _, ...object }) => ({
        ...object,
        path: pathOf(templateOf(text), folder) ?? release.definedIn,
        writtenBy: `the chart ${folder}`,
      })),
    );
    return { objects, unreadable: [] };
  };

  /** Of a chart that nothing releases and that has no values but its own, these are what somebody renders by hand. */
  const renderLeft = async (): Promise<WrittenObjects> => {
    const left = [...waiting].sort();
    waiting.clear();
    const named = helmReleases.map((entry) => fromOption(entry, { texts, charts }));
    const all: WrittenObjects[] = [];
    for (const folder of left) {
      const chart = charts.get(folder);
      if (chart === undefined) continue;
      const own = named.filter((release) => release.chart.kind === 'local' && release.chart.folder === folder);
      const environments = findEnvironments(index.paths, new Map([[folder, chart]]), texts.effort);
      const isClear = own.length === 0 && environments.every(({ files: values }) => values.length === 0);
      const releases: readonly Release[] = isClear ? [bare(folder, chart.name)] : own;
      if (releases.length === 0) all.push({ objects: [], unreadable: [unreadable(folder, NOT_RELEASED)] });
      for (const release of releases) all.push(await renderOne(place(release, 'argocd')));
    }
    return merge(all);
  };

  return async (objects) => {
    const all: WrittenObjects[] = [];
    for (const object of objects) {
      if (object.group !== ARGO_GROUP || object.kind !== 'Application') continue;
      for (const release of readApplication(object, { charts, texts, home })) {
        const applies = index.applyingTemplates.some((path) => chartOf(path) === folderOf(release));
        if (applies) all.push(await renderOne(place(release, 'argocd')));
      }
    }
    const found = merge(all);
    return found.objects.length > 0 ? found : merge([found, await renderLeft()]);
  };
}

const NOT_RELEASED = 'nothing says with which values its Applications are written: name its release in helm-releases';

function unreadable(folder: string, why: string): Unreadable {
  return {
    definedIn: folder === '' ? 'Chart.yaml' : `${folder}/Chart.yaml`,
    what: `the chart ${folder}`,
    why,
    folder: UNKNOWN,
  };
}

function bare(folder: string, name: string): Release {
  const definedIn = folder === '' ? 'Chart.yaml' : `${folder}/Chart.yaml`;
  return { name, chart: { kind: 'local', folder }, layers: [], withoutDefaults: false, set: [], hidden: [], definedIn };
}

function folderOf({ chart }: Release): string | undefined {
  return chart.kind === 'local' ? chart.folder : undefined;
}

/** The chart's folder of a template. */
function chartOf(path: string): string {
  return path.slice(0, path.lastIndexOf('templates/')).replace(/\/$/, '');
}

/** helm names a template from its chart's name on. */
function pathOf(template: string | undefined, folder: string): string | undefined {
  const within = template?.slice(template.indexOf('/') + 1);
  return within === undefined ? undefined : folder === '' ? within : `${folder}/${within}`;
}

function merge(all: readonly WrittenObjects[]): WrittenObjects {
  return {
    objects: all.flatMap(({ objects }) => objects),
    unreadable: all.flatMap(({ unreadable: some }) => some),
  };
}
