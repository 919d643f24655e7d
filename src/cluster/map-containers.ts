import { readJvmFlags, readJvmSizing } from '../jvm-flags.ts';
import { type Setting, type Sizes, type TemplateContainer, WHOLE_POD } from '../model/workload.ts';
import type { ApiContainer, ApiPodSpec, ResourceList, Resources } from './api-types.ts';
import { readSize } from './read-size.ts';
import { recogniseJvm } from './recognise-jvm.ts';

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
  const whole = readWholePod(spec);
  const containers = longRunning(spec).map(({ kind, container }): TemplateContainer => {
    const jvm = readJvmSizing(container);
    const jvmFlags = readJvmFlags(container);
    const jvmBy = recogniseJvm(container);
    return {
      name: container.name,
      kind,
      image: container.image ?? '',
      ...readSettings(container.resources),
      ...(jvm ? { jvm } : {}),
      ...(jvmFlags ? { jvmFlags } : {}),
      ...(jvmBy ? { jvmBy } : {}),
    };
  });
  return whole === undefined ? containers : [...containers, { name: WHOLE_POD, kind: 'pod', image: '', ...whole }];
}

/** A memory limit and request. */
export function readSettings(resources: Resources | undefined): Sizes {
  return { limit: zeroIsNone(readSetting(resources?.limits)), request: readSetting(resources?.requests) };
}

/** The sizes of the pod as a whole, where its limit bounds its containers together. */
export function readWholePod(spec: ApiPodSpec | undefined): Sizes | undefined {
  const sizes = readSettings(spec?.resources);
  return sizes.limit.state === 'absent' ? undefined : sizes;
}

/** Whether a pod asks for memory as a whole, but has no limit that bounds its containers together. */
export function requestsAsWhole(spec: ApiPodSpec | undefined): boolean {
  const { limit, request } = readSettings(spec?.resources);
  return limit.state === 'absent' && request.state !== 'absent';
}

/**
 * What the kubelet says is in force; `undefined` where it says nothing. What it leaves out is taken to be as asked for,
 * unless a change of it is under way (`changing`): then it is not there yet.
 */
export function readActual(told: Resources | undefined, asked: Sizes, changing: boolean): Sizes | undefined {
  const silent = told?.limits?.memory === undefined && told?.requests?.memory === undefined;
  if (told === undefined || (silent && !changing)) return undefined;
  const read = (list: ResourceList | undefined, desired: Setting) =>
    list?.memory === undefined && !changing ? desired : readSetting(list);
  return { limit: zeroIsNone(read(told.limits, asked.limit)), request: read(told.requests, asked.request) };
}

/** The runtime takes a limit of zero for none. */
function zeroIsNone(limit: Setting): Setting {
  return limit.state === 'set' && limit.bytes === 0 ? { state: 'absent' } : limit;
}

function readSetting(list: ResourceList | undefined): Setting {
  const quantity = list?.memory;
  if (quantity === undefined) return { state: 'absent' };
  const size = readSize(quantity);
  return size === undefined ? { state: 'unknown' } : { state: 'set', bytes: size };
}
