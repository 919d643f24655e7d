import type { Setting, Sizes, TemplateContainer } from '../model/workload.ts';
import type { ApiContainer, ApiPodSpec, ResourceList, Resources } from './api-types.ts';
import { readJvmSizing } from './read-jvm-sizing.ts';
import { readSize } from './read-size.ts';

export interface SpecContainer {
  readonly kind: 'container' | 'sidecar';
  readonly container: ApiContainer;
}

/** The containers that run for as long as the pod: its own and native sidecars. Init containers are left out. */
export function longRunning(spec: ApiPodSpec | undefined): readonly SpecContainer[] {
  return [
    ...(spec?.containers ?? []).map((container) => ({ kind: 'container' as const, container })),
    ...(spec?.initContainers ?? [])
      .filter((container) => container.restartPolicy === 'Always')
      .map((container) => ({ kind: 'sidecar' as const, container })),
  ];
}

export function mapTemplate(spec: ApiPodSpec | undefined): readonly TemplateContainer[] {
  return longRunning(spec).map(({ kind, container }) => {
    const jvm = readJvmSizing(container);
    return {
      name: container.name,
      kind,
      image: container.image ?? '',
      ...readSettings(container, spec),
      ...(jvm ? { jvm } : {}),
    };
  });
}

/** A container's memory limit and request. Bounds of the pod as a whole make a missing one of its containers unknown. */
export function readSettings(
  container: ApiContainer,
  pod: ApiPodSpec | undefined,
): { readonly limit: Setting; readonly request: Setting } {
  return {
    limit: zeroIsNone(readSetting(container.resources?.limits, pod?.resources?.limits)),
    request: readSetting(container.resources?.requests, pod?.resources?.requests),
  };
}

/**
 * What the kubelet says is in force; `undefined` where it says nothing. What it leaves out is taken to be as asked for,
 * unless a change of it is under way (`changing`): then it is not there yet.
 */
export function readActual(told: Resources | undefined, asked: Sizes, changing: boolean): Sizes | undefined {
  const silent = told?.limits?.memory === undefined && told?.requests?.memory === undefined;
  if (told === undefined || (silent && !changing)) return undefined;
  const read = (list: ResourceList | undefined, desired: Setting) =>
    list?.memory === undefined && !changing ? desired : readSetting(list, undefined);
  return { limit: zeroIsNone(read(told.limits, asked.limit)), request: read(told.requests, asked.request) };
}

/** The runtime takes a limit of zero for none. */
function zeroIsNone(limit: Setting): Setting {
  return limit.state === 'set' && limit.bytes === 0 ? { state: 'absent' } : limit;
}

function readSetting(own: ResourceList | undefined, ofPod: ResourceList | undefined): Setting {
  const quantity = own?.memory;
  if (quantity === undefined) return { state: ofPod?.memory === undefined ? 'absent' : 'unknown' };
  const size = readSize(quantity);
  return size === undefined ? { state: 'unknown' } : { state: 'set', bytes: size };
}
