import type { Workload } from '../model/workload.ts';
import { findObjects, isObject, isParsed, type Json, valueAt } from './documents.ts';
import type { Parser } from './parser.ts';
import { resolvePath } from './reach.ts';

/** A folder of the repository that an Argo CD `Application` or a Flux `Kustomization` of this name applies. */
export interface Applied {
  readonly by: 'argo' | 'flux';
  readonly name: string;
  /** Without a slash at its end; empty for the root. */
  readonly folder: string;
  /** The namespace that it gives: Flux to everything, Argo CD to what has none. */
  readonly namespace?: string;
}

/** The folders that the objects of a file say are applied. */
export function readApplied(text: string, { parse }: Parser): Applied[] {
  if (!/argoproj\.io|kustomize\.toolkit\.fluxcd\.io/.test(text) || !/Application|Kustomization/.test(text)) return [];
  const parsed = parse(text);
  if (!isParsed(parsed)) return [];
  return findObjects(parsed).flatMap(({ group, kind, name, document, at }): Applied[] => {
    const spec = valueAt(parsed.values[document], [...at, 'spec']);
    const isFlux = group === 'kustomize.toolkit.fluxcd.io' && kind === 'Kustomization';
    if (!isFlux && !(group === 'argoproj.io' && kind === 'Application')) return [];
    const several = valueAt(spec, ['sources']);
    const sources = Array.isArray(several) ? (several as readonly Json[]) : [valueAt(spec, ['source'])];
    const given = valueAt(spec, isFlux ? ['targetNamespace'] : ['destination', 'namespace']);
    const namespace = typeof given === 'string' && given !== '' ? { namespace: given } : {};
    return (isFlux ? [spec] : sources).flatMap((source): Applied[] => {
      const path = isObject(source) ? source.path : undefined;
      const folder = typeof path === 'string' ? resolvePath('', path) : undefined;
      return folder === undefined ? [] : [{ by: isFlux ? 'flux' : 'argo', name, folder, ...namespace }];
    });
  });
}

/**
 * Of several places that define a workload, the one in the folder from which the live object says it was applied; all of
 * them where that does not leave one. A hint only: values and rendering still have to agree.
 */
export function narrow<Place>(
  places: readonly Place[],
  pathOf: (place: Place) => string,
  workload: Pick<Workload, 'ref' | 'hints'> | undefined,
  applied: readonly Applied[],
): readonly Place[] {
  if (places.length < 2 || workload === undefined) return places;
  const names = { argo: trackedBy(workload), flux: workload.hints.fluxKustomization?.split('/').at(-1) };
  const folders = applied.filter(({ by, name }) => names[by] === name).map(({ folder }) => folder);
  const near = places.filter((place) =>
    folders.some((folder) => folder === '' || pathOf(place).startsWith(`${folder}/`)),
  );
  return near.length === 1 ? near : places;
}

/**
 * Gives the namespace of an object at a path from the one in its own file or rendering, with what applies the innermost
 * folder of the path; `undefined` where nothing says one.
 */
export function namespaceGiver(
  applied: readonly Applied[],
  path: string,
): (own: string | undefined) => string | undefined {
  const around = applied.filter(({ folder }) => folder === '' || path.startsWith(`${folder}/`));
  const innermost = around.reduce((most, { folder }) => Math.max(most, folder.length), 0);
  const near = around.filter(({ folder }) => folder.length === innermost);
  // Two that differ are as good as thousands.
  const givenBy = (tool: Applied['by']) =>
    [...new Set(near.flatMap(({ by, namespace }) => (by === tool ? [namespace] : [])))].slice(0, 3);
  const [flux, argo] = [givenBy('flux'), givenBy('argo')];
  if (near.length === 0) return (own) => own;
  return (own) => {
    const given = [...flux.map((namespace) => namespace ?? own), ...argo.map((namespace) => own ?? namespace)];
    const [first, ...others] = new Set(given);
    return others.length === 0 ? first : own;
  };
}

/** The Application of the tracking id, where the id is of this very object: operators copy it to what they create. */
function trackedBy({ ref, hints }: Pick<Workload, 'ref' | 'hints'>): string | undefined {
  const [, application, object] = /^([^:]+):(.+)$/.exec(hints.argoTrackingId ?? '') ?? [];
  const own = object === `${ref.group}/${ref.kind}:${ref.namespace}/${ref.name}`;
  return own ? application?.split('_').at(-1) : undefined;
}
