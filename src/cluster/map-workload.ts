import type { ScrapeMarks } from '../model/jvm.ts';
import { type ControllerKind, groupOf, WORKLOAD_KINDS } from '../model/kinds.ts';
import type { IgnoreMark, OpenRollout, OriginHints, TemplateContainer, WorkloadRef } from '../model/workload.ts';
import type { ApiWorkload, ObjectMeta, OwnerReference } from './api-types.ts';
import { mapTemplate } from './map-containers.ts';
import { readIgnoreMarks } from './read-ignore-marks.ts';
import { readOpenRollout } from './read-open-rollout.ts';
import { readScrapeMarks } from './read-scrape-marks.ts';
import { STEERERS } from './steerers.ts';

/** A workload that makes pods as far as it matters here. `madeBy` is the object that it belongs to. */
export interface SeenWorkload {
  readonly ref: WorkloadRef;
  readonly uid: string;
  readonly replicas?: number;
  readonly strategy?: string;
  readonly containers: readonly TemplateContainer[];
  readonly hints: OriginHints;
  readonly ignoreMarks?: readonly IgnoreMark[];
  readonly rollout?: OpenRollout;
  readonly scrapeMarks?: ScrapeMarks;
  readonly madeBy?: OwnerReference;
  readonly updated: UpdatedPods;
  /** The steerer that its annotations ask for. */
  readonly asksFor?: string;
}

/** Which pods are made from the present template: all, those of a revision, or not known (a rollout is under way). */
export type UpdatedPods =
  | { readonly kind: 'all' }
  | { readonly kind: 'of revision'; readonly revision: string }
  | { readonly kind: 'not known' };

export function mapWorkload(kind: ControllerKind, item: ApiWorkload): SeenWorkload {
  const { metadata = {}, spec = {}, status } = item;
  const { apiVersion, replicas: counted } = WORKLOAD_KINDS[kind];
  const replicas = counted === 'spec.replicas' ? (spec.replicas ?? 1) : status?.desiredNumberScheduled;
  const strategy = spec.strategy?.type ?? spec.updateStrategy?.type;
  const marks = readIgnoreMarks(metadata, spec.template?.metadata);
  const asksFor = readSteererAskedFor(metadata);
  const rollout = readOpenRollout(kind, item);
  const owners = metadata.ownerReferences ?? [];
  // Some operators, and the Operator Lifecycle Manager, own what they keep in shape without saying `controller`.
  const madeBy = owners.find((owner) => owner.controller === true) ?? owners[0];
  return {
    ref: { namespace: metadata.namespace ?? '', group: groupOf(apiVersion), kind, name: metadata.name ?? '' },
    uid: metadata.uid ?? '',
    ...(replicas === undefined ? {} : { replicas }),
    ...(strategy === undefined ? {} : { strategy }),
    containers: mapTemplate(spec.template?.spec),
    hints: readHints(metadata),
    ...(marks.length === 0 ? {} : { ignoreMarks: marks }),
    ...(rollout === undefined ? {} : { rollout }),
    scrapeMarks: readScrapeMarks(spec.template?.metadata, spec.template?.spec),
    ...(madeBy ? { madeBy } : {}),
    updated: updatedPods(kind, item),
    ...(asksFor === undefined ? {} : { asksFor }),
  };
}

function readSteererAskedFor({ annotations = {} }: ObjectMeta): string | undefined {
  return STEERERS.find(({ workloadAnnotations = {} }) =>
    Object.entries(workloadAnnotations).some(
      ([name, asks]) => Object.hasOwn(annotations, name) && asks.test(String(annotations[name])),
    ),
  )?.name;
}

function updatedPods(kind: ControllerKind, { metadata, status = {} }: ApiWorkload): UpdatedPods {
  const { observedGeneration = 0 } = status;
  if (metadata?.generation === undefined || observedGeneration < metadata.generation) return { kind: 'not known' };
  if (kind === 'StatefulSet') {
    const { updateRevision: revision } = status;
    return revision ? { kind: 'of revision', revision } : { kind: 'not known' };
  }
  const [updated, all] =
    kind === 'DaemonSet'
      ? [status.updatedNumberScheduled, status.desiredNumberScheduled]
      : [status.updatedReplicas, status.replicas];
  return updated !== undefined && updated === all ? { kind: 'all' } : { kind: 'not known' };
}

/** The labels and annotations by which Argo CD, Flux and Helm mark what they apply. */
export function readHints({ labels = {}, annotations = {} }: ObjectMeta): OriginHints {
  const managedBy = labels['app.kubernetes.io/managed-by'];
  const byHelm = managedBy === 'Helm' ? labels['app.kubernetes.io/instance'] : undefined;
  const hints: Record<keyof OriginHints, string | undefined> = {
    argoTrackingId: annotations['argocd.argoproj.io/tracking-id'],
    instance: labels['argocd.argoproj.io/instance'] ?? labels['app.kubernetes.io/instance'],
    fluxKustomization: fluxName(labels, 'kustomize.toolkit.fluxcd.io'),
    fluxHelmRelease: fluxName(labels, 'helm.toolkit.fluxcd.io'),
    helmRelease: annotations['meta.helm.sh/release-name'] ?? byHelm,
    helmReleaseNamespace: annotations['meta.helm.sh/release-namespace'],
    helmChart: labels['helm.sh/chart'],
    managedBy,
    component: labels['app.kubernetes.io/component'],
  };
  return Object.fromEntries(Object.entries(hints).filter(([, value]) => value));
}

function fluxName(labels: Readonly<Record<string, string>>, prefix: string): string | undefined {
  const name = labels[`${prefix}/name`];
  const namespace = labels[`${prefix}/namespace`];
  return name && namespace ? `${namespace}/${name}` : name;
}
