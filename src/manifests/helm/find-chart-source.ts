import { type Json, mapAt, textAt } from '../documents.ts';
import { resolvePath } from '../reach.ts';
import type { Chart } from './find-charts.ts';
import { objectsOfKind, type SourceObject } from './find-objects.ts';
import type { ChartSource } from './release.ts';
import type { RepositoryText } from './texts.ts';

const GROUP = 'source.toolkit.fluxcd.io';
const KINDS = ['OCIRepository', 'HelmChart'] as const;

/** The one object of a kind and name that Flux takes charts from; a namespace that is not known fits any. */
export type ChartObjects = (kind: string, name: string, namespace: string | undefined) => SourceObject | undefined;

/** Finds the repository's `OCIRepository` and `HelmChart` objects. */
export function findChartObjects(files: readonly RepositoryText[]): ChartObjects {
  const byName = new Map<string, SourceObject[]>();
  const keyOf = (kind: string, name: string) => `${kind} ${name}`;
  for (const object of KINDS.flatMap((kind) => objectsOfKind(files, GROUP, kind))) {
    const key = keyOf(object.found.kind, object.found.name);
    byName.set(key, [...(byName.get(key) ?? []).slice(0, MOST_ALIKE), object]);
  }
  return (kind, name, namespace) => {
    const named = byName.get(keyOf(kind, name)) ?? [];
    const fitting = named.filter(({ found }) => (found.namespace ?? namespace) === (namespace ?? found.namespace));
    const exact = fitting.filter(({ found }) => found.namespace !== undefined && found.namespace === namespace);
    const [only, ...more] = exact.length > 0 ? exact : fitting;
    return more.every(({ value }) => chartOf(value) === chartOf(only?.value)) ? only : undefined;
  };
}

/** Of one name; clusters of one repository have a copy each. */
const MOST_ALIKE = 100;

/** The chart that such an object gives: the last step of an address, or its `chart`. */
function chartOf(value: Json | undefined): string | undefined {
  const spec = mapAt(value, 'spec');
  const written = textAt(spec, 'url') ?? textAt(spec, 'chart');
  const name = written === undefined ? '' : lastStep(written);
  return /^[\w.-]+$/.test(name) ? name : undefined;
}

function lastStep(path: string): string {
  return path.split('/').findLast((step) => step !== '') ?? '';
}

/** A `HelmRelease`'s chart, and the `spec` that says where it comes from (of a `HelmChart`, or its own). */
interface NamedChart {
  readonly chart: ChartSource;
  readonly spec: Json;
}

interface Around {
  readonly charts: ReadonlyMap<string, Chart>;
  readonly chartObjects: ChartObjects;
}

/** The chart of a `HelmRelease`: by `chart.spec`, or by `chartRef` to an object of the repository. */
export function findChartSource({ found, value }: SourceObject, { charts, chartObjects }: Around): NamedChart {
  const release = mapAt(value, 'spec');
  const reference = mapAt(release, 'chartRef');
  const name = textAt(reference, 'name');
  if (name === undefined) {
    const spec = mapAt(mapAt(release, 'chart'), 'spec');
    return { chart: chartAt(spec, charts), spec };
  }
  const namespace = textAt(reference, 'namespace') ?? found.namespace;
  const object = chartObjects(textAt(reference, 'kind') ?? '', name, namespace);
  if (object?.found.kind === 'HelmChart') {
    const spec = mapAt(object.value, 'spec');
    return { chart: chartAt(spec, charts), spec };
  }
  return { chart: { kind: 'remote', name: chartOf(object?.value) ?? name }, spec: {} };
}

/** A chart by its folder, where the source may be this repository. */
function chartAt(spec: Json, charts: ReadonlyMap<string, Chart>): ChartSource {
  const named = textAt(spec, 'chart') ?? '';
  const source = textAt(mapAt(spec, 'sourceRef'), 'kind');
  const folder = source === 'HelmRepository' ? undefined : resolvePath('', named);
  if (folder !== undefined && charts.has(folder)) return { kind: 'local', folder };
  return { kind: 'remote', name: lastStep(named) };
}
