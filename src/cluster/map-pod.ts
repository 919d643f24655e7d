import type { ScrapeMarks } from '../model/jvm.ts';
import { kindOf } from '../model/kinds.ts';
import {
  type IgnoreMark,
  type OriginHints,
  type Pod,
  type PodContainer,
  type TemplateContainer,
  WHOLE_POD,
} from '../model/workload.ts';
import { isCount } from '../plausible.ts';
import type { ApiPod, ContainerStatus, ObjectMeta, OwnerReference } from './api-types.ts';
import {
  longRunning,
  mapTemplate,
  readActual,
  readSettings,
  readWholePod,
  requestsAsWhole,
  type SpecContainer,
} from './map-containers.ts';
import { readPendingResize, readResizeMarks, readSizedBy } from './map-resize.ts';
import { readHints } from './map-workload.ts';
import { readIgnoreMarks } from './read-ignore-marks.ts';
import { readScrapeMarks } from './read-scrape-marks.ts';
import { readTrouble } from './read-trouble.ts';
import { secondsOf } from './seconds-of.ts';

/** A pod as far as it matters here, mapped from a page that is dropped at once. */
export interface SeenPod {
  readonly namespace: string;
  readonly pod: Pod;
  readonly owner?: OwnerReference;
  /** The Deployment that a pod of a ReplicaSet must belong to by the controller's way of naming. */
  readonly deployment?: string;
  /** The revision of a StatefulSet's or DaemonSet's template that it was made from. */
  readonly revision?: string;
  /** What defines the pod, where it may not be known from a workload's own template. */
  readonly template?: readonly TemplateContainer[];
  readonly scrapeMarks?: ScrapeMarks;
  readonly hints?: OriginHints;
  /** Its own, or of the template that it was made from. */
  readonly ignoreMarks?: readonly IgnoreMark[];
}

/**
 * The pod of a list, or `undefined` for what is not inspected: pods of Jobs, and pods that have finished. A bare pod
 * whose container was OOM-killed stays, because nothing takes its place.
 */
export function mapPod(item: ApiPod): SeenPod | undefined {
  const { metadata = {}, spec, status = {} } = item;
  const owner = ownerOf(metadata);
  if (owner?.kind === 'Job' && owner.apiVersion.startsWith('batch/')) return undefined;
  const finished = status.phase === 'Succeeded' || status.phase === 'Failed';
  if (finished && (owner || !wasOomKilled(item))) return undefined;

  const statuses = new Map<string, ContainerStatus>();
  for (const entry of status.initContainerStatuses ?? []) statuses.set(entry.name, entry);
  for (const entry of status.containerStatuses ?? []) statuses.set(entry.name, entry);
  const resize = readPendingResize(status.conditions);
  const marks = readResizeMarks(metadata);
  const pod: Pod = {
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    ...(spec?.nodeName ? { node: spec.nodeName } : {}),
    phase: status.phase ?? 'Unknown',
    ready: status.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True') ?? false,
    deleting: metadata.deletionTimestamp !== undefined,
    ...optional('createdAt', secondsOf(metadata.creationTimestamp)),
    containers: withWholePod(
      longRunning(spec).map((container) =>
        mapContainer(container, statuses.get(container.container.name), resize !== undefined),
      ),
      item,
      resize !== undefined,
    ),
    ...(requestsAsWhole(spec) && { requestsAsWhole: true }),
    ...optional('resize', resize),
    ...(marks.length === 0 ? {} : { resizedBy: marks }),
    ...optional('sizedBy', readSizedBy(metadata)),
    ...optional('trouble', readTrouble(status)),
  };
  const ignoreMarks = readIgnoreMarks(metadata);
  const deployment = deploymentOf(metadata, owner);
  const defined = deployment !== undefined || kindOf(owner?.kind ?? '')?.podOwner === 'itself';
  return {
    namespace: metadata.namespace ?? '',
    pod,
    ...(owner ? { owner } : { hints: readHints(metadata) }),
    ...(ignoreMarks.length === 0 ? {} : { ignoreMarks }),
    ...optional('deployment', deployment),
    ...optional('revision', metadata.labels?.['controller-revision-hash']),
    ...(defined ? {} : { template: mapTemplate(spec), scrapeMarks: readScrapeMarks(metadata, spec) }),
  };
}

/** The controller among the owners. */
export function ownerOf(metadata: ObjectMeta): OwnerReference | undefined {
  return metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/** A Deployment's ReplicaSets are named after it and the hash that their pods carry as a label. */
function deploymentOf(metadata: ObjectMeta, owner: OwnerReference | undefined): string | undefined {
  const hash = metadata.labels?.['pod-template-hash'];
  if (owner?.kind !== 'ReplicaSet' || !hash || !owner.name.endsWith(`-${hash}`)) return undefined;
  return owner.name.slice(0, -hash.length - 1);
}

function mapContainer(
  { kind, container }: SpecContainer,
  status: ContainerStatus | undefined,
  changing: boolean,
): PodContainer {
  const ended = status?.state?.terminated ?? status?.lastState?.terminated;
  const asked = readSettings(container.resources);
  return {
    name: container.name,
    kind,
    injected: false,
    ...asked,
    ...optional('actual', readActual(status?.resources, asked, changing)),
    running: status?.state?.running !== undefined,
    ...optional('startedAt', secondsOf(status?.state?.running?.startedAt)),
    restarts: isCount(status?.restartCount) ? status.restartCount : 0,
    ...(ended
      ? {
          lastTermination: {
            reason: ended.reason ?? '',
            ...optional('exitCode', ended.exitCode),
            ...optional('finishedAt', secondsOf(ended.finishedAt)),
          },
        }
      : {}),
  };
}

/** The pod as a whole runs for as long as any of its containers. */
function withWholePod(containers: readonly PodContainer[], pod: ApiPod, changing: boolean): readonly PodContainer[] {
  const asked = readWholePod(pod.spec);
  if (asked === undefined) return containers;
  const whole: PodContainer = {
    name: WHOLE_POD,
    kind: 'pod',
    injected: false,
    ...asked,
    ...optional('actual', readActual(pod.status?.resources, asked, changing)),
    running: containers.some(({ running }) => running),
    restarts: 0,
  };
  return [...containers, whole];
}

function wasOomKilled(pod: ApiPod): boolean {
  return (pod.status?.containerStatuses ?? []).some(({ state }) => state?.terminated?.reason === 'OOMKilled');
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: Value });
}
