import { createHash } from 'node:crypto';
import type { Direction } from '../model/suggestion.ts';
import type { WorkloadRef } from '../model/workload.ts';
import type { Grouping, PullRequestOptions } from './delivery-input.ts';

const LONGEST_SEGMENT = 120;

/** The folder that this run's branches are in, with the slash at its end: `memory/`, `memory/hkidc/`. */
export function branchFolder(options: Pick<PullRequestOptions, 'branchPrefix' | 'clusterName'>): string {
  const prefix = options.branchPrefix
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => toSegment(segment))
    .join('/');
  const cluster = options.clusterName ? toSegment(options.clusterName) : undefined;
  return `${prefix || 'memory'}/${cluster === undefined ? '' : `${asFolder(cluster)}/`}`;
}

/**
 * The last segment of a branch: `raise.pigo-rel.deployment.nacos`, `raise.pigo-rel`, `raise`. A namespace holds no dot,
 * so that no two groups share a name; and no name is the folder of another, which git would refuse.
 */
export function branchSlug(direction: Direction, grouping: Grouping, workload: WorkloadRef): string {
  if (grouping === 'all') return direction;
  if (grouping === 'namespace') return toSegment(`${direction}.${workload.namespace}`);
  return toSegment(`${direction}.${workload.namespace}.${workload.kind}.${workload.name}`);
}

/** Whether a name below the folder can be one of a run's own branches: clusters beside it have folders of their own. */
export function isSlug(name: string): boolean {
  return /^(raise|lower)(\.[^/]+)?$/.test(name);
}

/** The last segment of a branch about the way of metrics: `metrics.shop`. */
export function metricsSlug(namespace: string): string {
  return toSegment(`metrics.${namespace}`);
}

/** Whether a name below the folder can be a run's own branch about the way of metrics. */
export function isMetricsSlug(name: string): boolean {
  return /^metrics\.[^/]+$/.test(name);
}

/** What a branch's last segment does. */
export function directionOfSlug(slug: string): Direction {
  return slug.startsWith('lower') ? 'lower' : 'raise';
}

/** The namespace that a branch's last segment names; undefined where it is that of all namespaces. */
export function namespaceOfSlug(slug: string): string | undefined {
  return slug.split('.')[1];
}

/** A cluster must not be named like a slug of a run without a cluster name. */
function asFolder(cluster: string): string {
  return isSlug(cluster) || isMetricsSlug(cluster) ? `cluster-${cluster}` : cluster;
}

function withoutMarksAtEnd(text: string): string {
  const last = Array.from(text).findLastIndex((letter) => letter !== '.' && letter !== '-');
  return text.slice(0, last + 1);
}

/** A text as one valid segment of a ref name. What had to be changed gets a hash, so that two texts stay two names. */
function toSegment(text: string): string {
  const lower = text.toLowerCase();
  const dashed = lower.replace(/[^a-z0-9.-]+/g, '-').replace(/\.{2,}/g, '.');
  const whole = withoutMarksAtEnd(dashed.replace(/^[.-]+/, '')).replace(/\.lock$/, '-lock');
  const plain = withoutMarksAtEnd(whole.slice(0, LONGEST_SEGMENT));
  if (plain === lower && plain !== '') return plain;
  return `${plain === '' ? 'x' : plain}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}
