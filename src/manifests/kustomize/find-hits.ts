import type { Suggestion } from '../../model/suggestion.ts';
import type { WorkloadRef } from '../../model/workload.ts';
import { inCluster, isMadeBy } from '../deployed/find-makers.ts';
import { type InNamespace, judgeNamespace } from '../deployed/find-namespace.ts';
import type { Parser } from '../parser.ts';
import { objectsOf, type RenderedObject } from '../rendering/rendered.ts';
import type { Root } from './find-roots.ts';
import type { KustomizeContext } from './plan-changes.ts';

export interface RenderedHit {
  readonly root: Root;
  readonly before: readonly string[];
  readonly object: RenderedObject;
}

/**
 * Every object of a root that is the workload, and the roots of which that could not be told within the budget. One that a
 * namespace was written for counts before one that only a folder's name gives it to.
 */
export async function findHits(
  { workload: ref }: Pick<Suggestion, 'workload'>,
  { roots, makers, clusterName }: KustomizeContext,
) {
  const hits: (RenderedHit & { readonly place: InNamespace })[] = [];
  const over: { root: Root; named: boolean; why: string }[] = [];
  for (const { root, named } of await roots.holding(ref)) {
    if (!isMadeBy(root.appliedBy, makers)) continue;
    const rendering = await roots.rendered(root);
    if (rendering.state === 'over') over.push({ root, named, why: rendering.why });
    if (rendering.state !== 'rendered') continue;
    const { path } = root.kustomization;
    for (const object of namedObjects(rendering.documents, ref, roots.parser)) {
      const place = judgeNamespace(object.found.namespace, { appliedBy: root.appliedBy, path }, ref.namespace);
      hits.push({ root, before: rendering.documents, object, place });
    }
  }
  const sure = hits.filter(({ place }) => place === 'here');
  const own = sure.length > 0 ? sure : hits.filter(({ place }) => place === 'by folder');
  return { hits: ofCluster(own, clusterName), over };
}

/** Objects of a rendering of a workload's group, kind and name, in whatever namespace. */
function namedObjects(documents: readonly string[], ref: WorkloadRef, parser: Parser): RenderedObject[] {
  const candidates = documents.filter((text) => text.includes(ref.name) && text.includes(ref.kind));
  const objects = candidates.flatMap((text) => objectsOf(text, '', parser) ?? []);
  return objects.filter(({ found }) => found.group === ref.group && found.kind === ref.kind && found.name === ref.name);
}

function ofCluster(hits: readonly RenderedHit[], clusterName: string | undefined): readonly RenderedHit[] {
  const appliers = hits.flatMap(({ root }) => root.appliedBy);
  const own = inCluster(appliers, clusterName);
  if (own.length === appliers.length) return hits;
  return hits.filter(({ root }) => root.appliedBy.some((one) => own.includes(one)));
}

export function sayRenderedMore(
  { workload: { kind, name } }: Pick<Suggestion, 'workload'>,
  roots: readonly Root[],
): string {
  const paths = [...new Set(roots.map(({ kustomization }) => kustomization.path))].join(', ');
  const clusters = roots.some(({ appliedBy }) => appliedBy.length > 0) ? 'cluster-name, ' : '';
  return `${kind} ${name} is rendered more than once: ${paths}; ${clusters}a namespace or a mapping tells which one is meant`;
}
