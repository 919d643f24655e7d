import { itemsAt, type Json, mapAt, textAt } from '../documents.ts';
import { resolvePath } from '../reach.ts';
import { type AppliedSource, type ApplyingObject, type Deployed, type Home, placeWithin } from './deployed.ts';
import { judgeSource } from './source.ts';

export const FLUX_GROUP = 'kustomize.toolkit.fluxcd.io';
export const SOURCE_GROUP = 'source.toolkit.fluxcd.io';

/** What of a Flux `Kustomization` changes what its folder renders to. */
const OVERRIDES = ['patches', 'postBuild', 'targetNamespace', 'namePrefix', 'nameSuffix', 'components', 'images'];

/** A Flux `Kustomization` as an application; `undefined` where its path leaves the repository. */
export function readFluxKustomization(
  object: ApplyingObject,
  sources: readonly ApplyingObject[],
  home: Home,
): Deployed | undefined {
  const spec = mapAt(object.value, 'spec');
  const folder = resolvePath('', (textAt(spec, 'path') ?? '').replace(/^\/+/, ''));
  if (folder === undefined) return undefined;
  const namespace = textAt(spec, 'targetNamespace');
  const overridden = OVERRIDES.some((key) => spec[key] !== undefined && spec[key] !== null);
  return {
    by: 'flux',
    name: object.name,
    ...(object.namespace === undefined ? {} : { objectNamespace: object.namespace }),
    definedIn: object.path,
    source: sourceOf(object, sources, home),
    folder,
    takes: { kind: 'flux' },
    ...(namespace === undefined ? {} : { namespace }),
    onEachCluster: object.onEachCluster ?? false,
    ...(overridden ? { overrides: { value: spec, ...placeWithin(object, ['spec']) } } : {}),
  };
}

/** Where nothing in the repository is the source that is named, it is taken to be the repository itself. */
function sourceOf(object: ApplyingObject, sources: readonly ApplyingObject[], home: Home): AppliedSource {
  return judgeReference(mapAt(mapAt(object.value, 'spec'), 'sourceRef'), object, sources, home);
}

/** Whether a `sourceRef` of an object leads to this repository at its branch. */
export function judgeReference(
  reference: Json,
  object: Pick<ApplyingObject, 'path' | 'namespace'>,
  sources: readonly ApplyingObject[],
  home: Home,
): AppliedSource {
  const [kind, name] = [textAt(reference, 'kind') ?? 'GitRepository', textAt(reference, 'name')];
  if (kind !== 'GitRepository') return { state: 'elsewhere', from: `the ${kind} ${name ?? ''}`.trim() };
  const namespace = textAt(reference, 'namespace') ?? object.namespace;
  const named = sources.filter((one) => {
    const near = one.namespace === undefined || namespace === undefined || one.namespace === namespace;
    return one.kind === kind && one.name === name && near;
  });
  // Clusters have sources of the same name: one of them here is enough.
  const judged = nearest(named, object.path).map((one) => judgeRepository(one, home));
  return judged.find(({ state }) => state === 'here') ?? judged[0] ?? { state: 'here' };
}

function judgeRepository({ value }: ApplyingObject, home: Home): AppliedSource {
  const spec = mapAt(value, 'spec');
  const ref = mapAt(spec, 'ref');
  const [only] = ['commit', 'semver', 'tag', 'name'].flatMap((key) => textAt(ref, key) ?? []);
  const judged = judgeSource(textAt(spec, 'url'), textAt(ref, 'branch'), home);
  if (judged.state === 'elsewhere' || only === undefined) return judged;
  return only.startsWith('refs/heads/')
    ? judgeSource(undefined, only, home)
    : { state: 'elsewhere', from: `${only}, which no change of a branch reaches` };
}

/** Of several objects, those that share most of their folders with a path. */
function nearest(objects: readonly ApplyingObject[], path: string): readonly ApplyingObject[] {
  const steps = path.split('/');
  const shared = objects.map((one) => {
    const own = one.path.split('/');
    const differs = own.findIndex((step, index) => step !== steps[index]);
    return differs < 0 ? own.length : differs;
  });
  const most = shared.reduce((max, one) => Math.max(max, one), 0);
  return objects.filter((_, index) => shared[index] === most);
}

/** The variables that a Flux `Kustomization` puts into what it applies, and the objects that it takes more `from`. */
export function readSubstitutes(spec: Json): {
  readonly own: Readonly<Record<string, string>>;
  readonly from: readonly { readonly kind: string; readonly name: string }[];
} {
  const postBuild = mapAt(spec, 'postBuild');
  const own = Object.entries(mapAt(postBuild, 'substitute')).flatMap(([key, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value) ? [[key, String(value)] as const] : [],
  );
  const from = itemsAt(postBuild, 'substituteFrom').flatMap((one) => {
    const [kind, name] = [textAt(one, 'kind'), textAt(one, 'name')];
    return kind === undefined || name === undefined ? [] : [{ kind, name }];
  });
  return { own: Object.fromEntries(own), from };
}
