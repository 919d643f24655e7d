import { stringify } from 'yaml';
import type { Suggestion } from '../model/inspection.ts';
import { formatQuantity } from '../quantity.ts';

/** What to write where no edit could be made: a strategic merge patch of the workload, as YAML. */
export function snippetOf(suggestion: Suggestion): string {
  const { group, kind, name, namespace } = suggestion.workload;
  const { limit, request } = suggestion;
  const resources = {
    ...(limit ? { limits: { memory: formatQuantity(limit.to, 'Mi') } } : {}),
    ...(request ? { requests: { memory: formatQuantity(request.to, 'Mi') } } : {}),
  };
  const spec = { containers: [{ name: suggestion.container, resources }] };
  return stringify({
    apiVersion: group === '' ? 'v1' : `${group}/v1`,
    kind,
    metadata: { name, namespace },
    spec: kind === 'Pod' ? spec : { template: { spec } },
  });
}
