import { UserError } from '../errors.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { createLimiter } from '../limit.ts';
import type { DeliveryStatus } from '../model/delivery-status.ts';
import type { Workload, WorkloadRef } from '../model/workload.ts';
import {
  type Applier,
  applierOf,
  holds,
  kustomizationOver,
  placeOf,
  readApplication,
  readFluxObject,
  type Said,
} from './delivery-objects.ts';
import { readApiGroups } from './read-api-groups.ts';
import type { Reader } from './read-everywhere.ts';
import { type ListResult, type Pause, readList, readObject } from './read-list.ts';
import { listPath } from './scope.ts';

/** So many objects are asked for in one run. */
const MOST_APPLIERS = 20;
const REQUESTS_AT_ONCE = 4;
/** Where Argo CD is, unless somebody moved it. */
const ARGO_NAMESPACE = 'argocd';

interface KindOfApplier {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

const KINDS: Readonly<Record<Applier['kind'], KindOfApplier>> = {
  Application: { group: 'argoproj.io', version: 'v1alpha1', resource: 'applications' },
  Kustomization: { group: 'kustomize.toolkit.fluxcd.io', version: 'v1', resource: 'kustomizations' },
  HelmRelease: { group: 'helm.toolkit.fluxcd.io', version: 'v2', resource: 'helmreleases' },
};

type Groups = Awaited<ReturnType<typeof readApiGroups>>;
type Deliverable = Pick<Workload, 'ref' | 'hints'>;

/**
 * What those say that apply the given workloads, one a workload: an Application of Argo CD, a Kustomization or HelmRelease of
 * Flux, by the marks that they leave on the live object. Nothing of what is not there or may not be read; never an error.
 */
export async function readDeliveries(
  kubectl: Kubectl,
  workloads: readonly Deliverable[],
  pause?: Pause,
): Promise<readonly DeliveryStatus[]> {
  const found = new Map<string, { readonly applier: Applier; readonly refs: WorkloadRef[] }>();
  for (const { ref, hints } of workloads) {
    const applier = applierOf(ref, hints);
    if (applier === undefined) continue;
    const key = `${applier.kind} ${applier.namespace ?? ''}/${applier.name} ${applier.doubtful ?? false}`;
    const one = found.get(key) ?? { applier, refs: [] };
    one.refs.push(ref);
    found.set(key, one);
  }
  if (found.size === 0) return [];
  const reader: Reader = { kubectl, limit: createLimiter(REQUESTS_AT_ONCE), ...(pause ? { pause } : {}) };
  const groups = await readApiGroups(reader);
  const read = await Promise.all(
    [...found.values()]
      .slice(0, MOST_APPLIERS)
      .filter(({ applier }) => groups?.has(KINDS[applier.kind].group) ?? true)
      .map(({ applier, refs }) =>
        applier.kind === 'Application'
          ? readArgo(reader, groups, applier, refs)
          : readFlux(reader, groups, applier, refs),
      ),
  );
  return read.flat();
}

async function readArgo(
  reader: Reader,
  groups: Groups,
  applier: Applier,
  refs: readonly WorkloadRef[],
): Promise<readonly DeliveryStatus[]> {
  const objects = await findApplications(reader, groups, applier);
  return refs.flatMap((workload): readonly DeliveryStatus[] => {
    const own = objects.find((one) => holds(one, workload));
    const central = objects.find((one) => placeOf(one).namespace === ARGO_NAMESPACE);
    const object = own ?? (applier.doubtful ? undefined : (central ?? objects[0]));
    if (object === undefined) return [];
    const place = { ...applier, ...placeOf(object) };
    return [{ workload, by: 'Argo CD', object: nameOf(place), ...readApplication(object) }];
  });
}

/** Those of its name, in whichever namespace Argo CD keeps them. */
async function findApplications(reader: Reader, groups: Groups, applier: Applier): Promise<readonly unknown[]> {
  if (applier.namespace !== undefined) return read(reader, pathOf(groups, applier, applier.namespace));
  const path = listPath(apiOf(groups, applier), KINDS.Application.resource);
  const request = { path, fieldSelector: `metadata.name=${applier.name}` };
  const list = await ask(reader, () => readList(reader.kubectl, request, (item: unknown) => item, reader.pause));
  return list ?? read(reader, pathOf(groups, applier, ARGO_NAMESPACE));
}

async function readFlux(
  reader: Reader,
  groups: Groups,
  applier: Applier,
  refs: readonly WorkloadRef[],
): Promise<readonly DeliveryStatus[]> {
  const [object] = await read(reader, pathOf(groups, applier, applier.namespace ?? ''));
  if (object === undefined) return [];
  const own = { applier, said: readFluxObject(object) };
  const { applier: told, said } = (await readAbove(reader, groups, own, object)) ?? own;
  return refs.map((workload) => ({ workload, by: 'Flux', object: nameOf(told), ...said }));
}

/** A release that is done may be one of which Flux has not applied the newer definition. */
async function readAbove(
  reader: Reader,
  groups: Groups,
  { applier, said }: { readonly applier: Applier; readonly said: Said },
  object: unknown,
) {
  const above = applier.kind === 'HelmRelease' && said.settled ? kustomizationOver(object) : undefined;
  if (above === undefined) return undefined;
  const [kustomization] = await read(reader, pathOf(groups, above, above.namespace ?? ''));
  if (kustomization === undefined) return undefined;
  const saidAbove = readFluxObject(kustomization);
  return saidAbove.settled ? undefined : { applier: above, said: saidAbove };
}

async function read(reader: Reader, path: string): Promise<readonly unknown[]> {
  return (await ask(reader, () => readObject(reader.kubectl, path, reader.pause))) ?? [];
}

/** `undefined` for what may not be read, is not there, or is nothing that can be read. */
async function ask<T>(reader: Reader, request: () => Promise<ListResult<T>>): Promise<readonly T[] | undefined> {
  try {
    const answer = await reader.limit(request);
    return answer.ok ? answer.items : undefined;
  } catch (cause) {
    if (cause instanceof UserError) return undefined;
    throw cause;
  }
}

function apiOf(groups: Groups, { kind }: Applier): string {
  const { group, version } = KINDS[kind];
  const served = groups?.get(group) ?? [];
  return `apis/${group}/${served.includes(version) ? version : (served[0] ?? version)}`;
}

function pathOf(groups: Groups, applier: Applier, namespace: string): string {
  return `${listPath(apiOf(groups, applier), KINDS[applier.kind].resource, namespace)}/${applier.name}`;
}

function nameOf({ kind, namespace, name }: Applier): string {
  return `${kind} ${namespace ?? ''}/${name}`;
}
