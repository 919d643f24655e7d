import type { Scope } from '../deliver/scope.ts';
import type { Observation } from '../model/observation.ts';
import type { Options } from '../options/schema.ts';

/** What was looked at. A recording that does not say so was read with the namespaces that it holds. */
export function scopeOf({ cluster }: Observation, options: Pick<Options, 'selector' | 'clusterName'>): Scope {
  const inspected = cluster.inspected ?? { namespaces: cluster.namespaces, except: [], selector: options.selector };
  return { ...inspected, cluster: options.clusterName };
}
