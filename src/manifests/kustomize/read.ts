import type { Application, DecidedBy, Declared, DeclaredContainer, Unread } from '../../model/declared.ts';
import { namespaceGiven } from '../applied.ts';
import { declareContainers, mayDeclare, onlyUnread, readEach } from '../declare.ts';
import { lineOf } from '../edit-memory.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import { objectsOf, type RenderedObject } from '../rendering/rendered.ts';
import type { Rendering } from '../rendering/rendering.ts';
import type { Root, Roots } from './roots.ts';

const KUBECTL_MISSING = 'kubectl is not installed';

/** Why a rendering shows nothing. */
export function sayFailed(rendering: Exclude<Rendering, { state: 'rendered' }>): string {
  return rendering.state === 'missing' ? KUBECTL_MISSING : rendering.why;
}

export function applicationOfRoot({ kustomization: { folder, path } }: Pick<Root, 'kustomization'>): Application {
  return { way: 'kustomize', name: folder.replace(/\/$/, '') || '.', path };
}

/** What the roots declare. Without a renderer all of them are unread. */
export async function readRoots(index: ManifestIndex, roots: Roots | undefined): Promise<Declared> {
  if (!roots) {
    const unread = index.graph.roots.filter(({ path }) => index.editable(path));
    return { containers: [], unread: unread.map(({ path }) => ({ path, reason: 'rendered', why: KUBECTL_MISSING })) };
  }
  const inside = roots.all.filter(({ outside }) => !outside);
  const read = await readEach(
    inside,
    ({ kustomization }) => kustomization.path,
    (root) => readRoot(root, roots, index),
  );
  const over: Unread[] = roots.over === undefined ? [] : [{ path: '', reason: 'over budget', why: roots.over }];
  return { ...read, unread: [...read.unread, ...over] };
}

async function readRoot(root: Root, roots: Roots, index: ManifestIndex): Promise<Declared> {
  const { path } = root.kustomization;
  const rendering = await roots.rendered(root);
  if (rendering.state !== 'rendered') {
    const reason = rendering.state === 'over' ? 'over budget' : 'rendered';
    return onlyUnread({ path, reason, why: sayFailed(rendering) });
  }
  const containers: DeclaredContainer[] = [];
  const unread: Unread[] = [];
  for (const text of rendering.documents) {
    if (!mayDeclare(text)) continue;
    const objects = objectsOf(text, '', roots.parser);
    if (!objects) unread.push({ path, reason: 'not editable', why: 'a document that it renders to cannot be read' });
    for (const object of objects ?? []) containers.push(...(await declareObject(object, root, roots, index)));
  }
  return { containers, unread };
}

async function declareObject(
  { id, found, value }: RenderedObject,
  root: Root,
  roots: Roots,
  index: ManifestIndex,
): Promise<DeclaredContainer[]> {
  const { group, kind, name } = found;
  const namespace = namespaceGiven(index.applied, root.kustomization.path, found.namespace);
  const workload = { group, kind, name, ...(namespace === undefined ? {} : { namespace }) };
  const application = applicationOfRoot(root);
  return declareContainers({ application, workload, value }, async (resources, section): Promise<DecidedBy> => {
    const probed = await roots.probed(root);
    const places =
      probed.state === 'probed' ? probed.probe.placesOf({ id, path: [...resources, section, 'memory'] }) : [];
    const [place, ...more] = places;
    if (!place || more.length > 0) return { state: 'not known' };
    return { state: 'line', path: place.path, line: lineOf((await roots.textOf(root, place.path)) ?? '', place.start) };
  });
}
