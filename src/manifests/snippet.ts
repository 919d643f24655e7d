import { stringify } from 'yaml';
import { apiVersionOf, placePodSpec } from '../model/kinds.ts';
import type { Suggestion } from '../model/suggestion.ts';
import { WHOLE_POD } from '../model/workload.ts';
import { formatQuantity } from '../quantity.ts';

/** What to write where no edit could be made: a strategic merge patch of the workload, as YAML. */
export function snippetOf(suggestion: Suggestion): string {
  const { kind, name, namespace } = suggestion.workload;
  const { limit, request } = suggestion;
  const resources = {
    ...(limit ? { limits: { memory: formatQuantity(limit.to, 'Mi') } } : {}),
    ...(request ? { requests: { memory: formatQuantity(request.to, 'Mi') } } : {}),
  };
  const whole = suggestion.container === WHOLE_POD;
  const spec = whole ? { resources } : { containers: [{ name: suggestion.container, resources }] };
  return stringify({
    apiVersion: apiVersionOf(suggestion.workload),
    kind,
    metadata: { name, namespace },
    ...placePodSpec(kind, spec),
  });
}
