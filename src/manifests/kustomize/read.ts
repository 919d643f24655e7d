import type { Application, DecidedBy, Declared, DeclaredContainer, Unread } from '../../model/declared.ts';
import { declareContainers, mayDeclare, NOT_LOOKED_FOR, onlyUnread, readEach } from '../declare.ts';
import { givenNamespaces } from '../deployed/find-namespace.ts';
import { type ClusterContext, otherCluster } from '../deployed/other-cluster.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import { remember } from '../remember.ts';
import { objectsOf } from '../rendering/rendered.ts';
import type { Rendering } from '../rendering/rendering.ts';
import { createLineFinder } from '../value-places.ts';
import type { ApplicationInputs, DeclaredScope } from '../way.ts';
import type { Root } from './find-roots.ts';
import { sayLeftOut } from './leave-out.ts';
import { closureOf } from './load-graph.ts';
import type { RenderedLeaf } from './probe.ts';
import type { Roots } from './roots.ts';

const KUBECTL_MISSING = 'kubectl is not installed';

/** Why a rendering shows nothing. */
export function sayFailed(rendering: Exclude<Rendering, { state: 'rendered' }>): string {
  return rendering.state === 'missing' ? KUBECTL_MISSING : rendering.why;
}

/** Why a rendering does not show all. */
export function sayElsewhere(leftOut: readonly string[]): string {
  return `rendered without ${sayLeftOut(leftOut)}, as nothing is fetched and no chart is run for it`;
}

export function applicationOfRoot({ kustomization, variant }: Pick<Root, 'kustomization' | 'variant'>): Application {
  const { folder, path } = kustomization;
  const name = folder.replace(/\/$/, '') || '.';
  return { way: 'kustomize', name: variant === undefined ? name : `${name} (${variant})`, path };
}

/** What each root is made from; without a renderer, each kustomization that nobody includes. */
export function inputsOfRoots({ graph, editable }: ManifestIndex, roots: Roots | undefined): ApplicationInputs[] {
  const found: readonly Pick<Root, 'kustomization' | 'closure' | 'variant' | 'appliedBy' | 'overrides'>[] =
    roots?.all.filter(({ outside }) => !outside) ??
    graph.roots
      .filter(({ path }) => editable(path))
      .map((kustomization) => ({ kustomization, closure: closureOf(graph, kustomization), appliedBy: [] }));
  return found.map(({ closure, appliedBy, overrides, ...root }) => ({
    application: applicationOfRoot(root),
    files: closure.files,
    described: JSON.stringify([appliedBy, overrides ?? null, closure.leftOut, closure.refusal ?? null]),
  }));
}

/** Whether a root is among those that are asked for. */
function isAsked(root: Pick<Root, 'kustomization' | 'variant'>, { only }: DeclaredScope): boolean {
  return only?.has(applicationOfRoot(root).name) ?? true;
}

/** What the roots declare. Without a renderer all of them are unread. */
export async function readRoots(
  index: ManifestIndex,
  { roots, clusters }: { readonly roots: Roots | undefined; readonly clusters: ClusterContext },
  scope: DeclaredScope,
): Promise<Declared> {
  if (!roots) {
    const unread = index.graph.roots.filter(
      (kustomization) => index.editable(kustomization.path) && isAsked({ kustomization }, scope),
    );
    return { containers: [], unread: unread.map(({ path }) => ({ path, reason: 'rendered', why: KUBECTL_MISSING })) };
  }
  const inside = roots.all.filter((root) => !root.outside && isAsked(root, scope));
  const read = await readEach(
    inside,
    ({ kustomization }) => kustomization.path,
    (root) => readRoot(root, { roots, clusters, scope }),
  );
  const over: Unread[] = roots.over === undefined ? [] : [{ path: '', reason: 'over budget', why: roots.over }];
  return { ...read, unread: [...read.unread, ...over] };
}

interface RootContext {
  readonly roots: Roots;
  readonly clusters: ClusterContext;
  readonly scope: DeclaredScope;
}

async function readRoot(root: Root, { roots, clusters, scope }: RootContext): Promise<Declared> {
  const { path } = root.kustomization;
  const rendering = await roots.rendered(root);
  if (rendering.state !== 'rendered') {
    const reason = rendering.state === 'over' ? 'over budget' : 'rendered';
    return onlyUnread({ path, reason, why: sayFailed(rendering) });
  }
  const decide = createDecide(root, roots);
  const application = { ...applicationOfRoot(root), ...otherCluster(root.appliedBy, clusters) };
  const containers: DeclaredContainer[] = [];
  const unread: Unread[] = [];
  const { leftOut } = root.closure;
  if (leftOut.length > 0) unread.push({ path, reason: 'rendered', why: sayElsewhere(leftOut) });
  for (const text of rendering.documents) {
    if (!mayDeclare(text)) continue;
    const objects = objectsOf(text, '', roots.parser);
    if (!objects) unread.push({ path, reason: 'not editable', why: 'a document that it renders to cannot be read' });
    for (const { id, found, value } of objects ?? []) {
      const { group, kind, name } = found;
      const [namespace] = givenNamespaces(found.namespace, root.appliedBy);
      const workload = { group, kind, name, ...(namespace === undefined ? {} : { namespace }) };
      const declared = await declareContainers(
        { application, workload, value },
        scope.valuesOnly
          ? NOT_LOOKED_FOR
          : (resources, section) => decide({ id, path: [...resources, section, 'memory'] }),
      );
      containers.push(...declared);
    }
  }
  return { containers, unread };
}

/** The place that decides a leaf of what a root renders to, as its marks show. */
function createDecide(root: Root, roots: Roots): (leaf: RenderedLeaf) => Promise<DecidedBy> {
  const linesOf = remember(async (path: string) => createLineFinder((await roots.textOf(root, path)) ?? ''));
  return async (leaf) => {
    const probed = await roots.probed(root);
    const [place, ...more] = probed.state === 'probed' ? probed.probe.placesOf(leaf) : [];
    if (!place || more.length > 0) return { state: 'not known' };
    return { state: 'line', path: place.path, line: (await linesOf(place.path))(place.start) };
  };
}
