import type { DeliveryStatus } from '../model/delivery-status.ts';
import type { OriginHints, WorkloadRef } from '../model/workload.ts';
import { cutMessage } from './cut-message.ts';

/** An object that applies workloads, by its name; an Application's namespace may not be known. */
export interface Applier {
  readonly kind: 'Application' | 'Kustomization' | 'HelmRelease';
  readonly namespace?: string;
  readonly name: string;
  /** Whether its name is that of a label which others set as well: it must say itself that it applies the workload. */
  readonly doubtful?: boolean;
}

export type Said = Pick<DeliveryStatus, 'status' | 'message' | 'settled'>;

const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** The object that a live workload names as the one that applied it; `undefined` for none, and for another's copied mark. */
export function applierOf(ref: WorkloadRef, hints: OriginHints): Applier | undefined {
  const { argoTrackingId, instance } = hints;
  const certain = applicationOf(ref, hints) ?? fluxOf(ref, hints);
  if (certain !== undefined || argoTrackingId !== undefined || instance === undefined) return certain;
  return valid({ name: instance, doubtful: true }, 'Application');
}

function applicationOf(ref: WorkloadRef, { argoTrackingId = '' }: OriginHints): Applier | undefined {
  const [, named = '', object] = /^([^:]{1,500}):(.+)$/.exec(argoTrackingId) ?? [];
  if (object !== `${ref.group}/${ref.kind}:${ref.namespace}/${ref.name}`) return undefined;
  // An application outside Argo CD's own namespace is named with its own before it.
  const at = named.indexOf('_');
  return valid(at < 0 ? { name: named } : { namespace: named.slice(0, at), name: named.slice(at + 1) }, 'Application');
}

function fluxOf(ref: WorkloadRef, { fluxHelmRelease, fluxKustomization }: OriginHints): Applier | undefined {
  const named = fluxHelmRelease ?? fluxKustomization;
  if (named === undefined) return undefined;
  const [first = '', second] = named.split('/');
  const found = second === undefined ? { namespace: ref.namespace, name: first } : { namespace: first, name: second };
  return valid(found, fluxHelmRelease === undefined ? 'Kustomization' : 'HelmRelease');
}

/** Anybody may write a label: what is no name is none of an object. */
function valid(found: Omit<Applier, 'kind'>, kind: Applier['kind']): Applier | undefined {
  const { namespace = 'any', name } = found;
  return NAME.test(namespace) && NAME.test(name) ? { kind, ...found } : undefined;
}

/** What an Application says: its sync, its health where that is not well, and how its last operation ended. */
export function readApplication(object: unknown): Said {
  const sync = word(object, 'status', 'sync', 'status') ?? 'Unknown';
  const health = word(object, 'status', 'health', 'status');
  const phase = word(object, 'status', 'operationState', 'phase');
  const settled = sync === 'Synced';
  const revision = shorten(word(object, 'status', 'sync', 'revision'));
  const automated = below(object, 'spec', 'syncPolicy', 'automated');
  const manual = automated === undefined || below(automated, 'enabled') === false;
  const parts = [
    settled && revision !== undefined ? `${sync} to ${revision}` : sync,
    health === 'Healthy' ? undefined : health,
    phase === 'Succeeded' ? undefined : phase,
    !settled && manual ? 'auto-sync off' : undefined,
  ];
  const failed = phase === 'Failed' || phase === 'Error';
  const message =
    (failed ? cutMessage(below(object, 'status', 'operationState', 'message')) : undefined) ??
    cutMessage(below(errorOf(object), 'message')) ??
    cutMessage(below(object, 'status', 'health', 'message'));
  return say(parts, message, settled);
}

function errorOf(object: unknown): unknown {
  return items(object, 'status', 'conditions').find((one) => word(one, 'type')?.endsWith('Error'));
}

/** Whether an Application says that it holds a workload. */
export function holds(object: unknown, ref: WorkloadRef): boolean {
  return items(object, 'status', 'resources').some(
    (one) =>
      below(one, 'kind') === ref.kind && below(one, 'name') === ref.name && below(one, 'namespace') === ref.namespace,
  );
}

/** What a Kustomization or HelmRelease says: suspended, or its condition `Ready`. */
export function readFluxObject(object: unknown): Said {
  const ready = items(object, 'status', 'conditions').find((one) => below(one, 'type') === 'Ready');
  const settled = word(ready, 'status') === 'True';
  const suspended = below(object, 'spec', 'suspend') === true;
  const revision = shorten(word(object, 'status', 'lastAppliedRevision') ?? lastChart(object));
  const done = revision === undefined ? 'Ready' : `Ready at ${revision}`;
  const state = settled ? done : (word(ready, 'reason') ?? 'not Ready');
  const message = settled ? undefined : cutMessage(below(ready, 'message'));
  return say(suspended ? ['suspended', ...(settled ? [] : [state])] : [state], message, settled && !suspended);
}

function lastChart(object: unknown): string | undefined {
  return word(items(object, 'status', 'history')[0], 'chartVersion');
}

/** The Kustomization that applies an object of Flux, by its labels. */
export function kustomizationOver(object: unknown): Applier | undefined {
  const label = (name: string) => word(object, 'metadata', 'labels', `kustomize.toolkit.fluxcd.io/${name}`);
  const [name, namespace] = [label('name'), label('namespace')];
  return name === undefined || namespace === undefined ? undefined : valid({ namespace, name }, 'Kustomization');
}

/** `namespace/name` of an object. */
export function placeOf(object: unknown): { readonly namespace?: string; readonly name?: string } {
  const [namespace, name] = [word(object, 'metadata', 'namespace'), word(object, 'metadata', 'name')];
  return { ...(namespace === undefined ? {} : { namespace }), ...(name === undefined ? {} : { name }) };
}

function say(parts: readonly (string | undefined)[], message: string | undefined, settled: boolean): Said {
  const status = parts.filter((part) => part !== undefined).join(', ');
  return { status, ...(message === undefined ? {} : { message }), settled };
}

/** A commit's name as people shorten it: `1a2b3c4`, `main@sha1:1a2b3c4`. */
function shorten(revision: string | undefined): string | undefined {
  if (revision === undefined) return undefined;
  const at = revision.lastIndexOf(':') + 1;
  return /^[0-9a-f]{40,64}$/.test(revision.slice(at)) ? revision.slice(0, at + 7) : revision;
}

const LONGEST_WORD = 128;

function word(object: unknown, ...path: readonly string[]): string | undefined {
  const value = below(object, ...path);
  return typeof value === 'string' && value !== '' ? value.slice(0, LONGEST_WORD) : undefined;
}

function items(object: unknown, ...path: readonly string[]): readonly unknown[] {
  const value = below(object, ...path);
  return Array.isArray(value) ? value : [];
}

function below(object: unknown, ...path: readonly string[]): unknown {
  let value = object;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}
