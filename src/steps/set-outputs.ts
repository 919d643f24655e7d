import type { Report } from '../report/input.ts';
import type { RunContext } from './context.ts';

/** Sets the outputs that every run has which did its work. */
export function setOutputs(context: RunContext, report: Report): void {
  const { runner, inspection, outcome } = context;
  const { totals } = inspection;
  const values: Readonly<Record<string, string | number>> = {
    outcome,
    verdict: inspection.verdict,
    total: totals.total,
    healthy: totals.healthy,
    attention: totals.attention,
    'at-risk': totals.atRisk,
    unknown: totals.unknown,
    'report-path': report.pages[0]?.path ?? '',
    'report-json-path': report.json.path,
    suggestions: JSON.stringify(suggestionsOf(context)),
  };
  for (const [name, value] of Object.entries(values)) runner.output(name, String(value));
}

function suggestionsOf({ inspection }: RunContext) {
  return inspection.workloads.flatMap(({ containers }) =>
    containers.flatMap(({ suggestion }) =>
      suggestion === undefined
        ? []
        : [
            {
              namespace: suggestion.workload.namespace,
              kind: suggestion.workload.kind,
              name: suggestion.workload.name,
              container: suggestion.container,
              level: suggestion.level,
              direction: suggestion.direction,
              delivery: suggestion.delivery.kind,
              limit: suggestion.limit?.to,
              request: suggestion.request?.to,
              confidence: suggestion.confidence.level,
            },
          ],
    ),
  );
}
