import { writeChatMessage } from '../formats/message.ts';
import { messageOutputs } from '../formats/message-outputs.ts';
import { exactCost, type Price } from '../model/price.ts';
import type { Suggestion } from '../model/suggestion.ts';
import type { OutputName } from '../options/outputs.ts';
import type { Report } from '../report/input.ts';
import { encodePath } from '../text/markdown.ts';
import type { InspectionContext } from './context.ts';
import type { End } from './deliver.ts';
import { suggestionsOf } from './locate-changes.ts';

/** Sets the outputs that every run has which did its work. */
export function setOutputs(context: InspectionContext, { report, delivered, commit }: End): void {
  const { runner, inspection, outcome, environment, places } = context;
  const { totals } = inspection;
  const reportUrl = committedUrl(context, report, commit);
  // What went wrong after the report was written is told as well.
  const input = { ...report.context.input, outcome, failures: delivered.failures };
  const message = writeChatMessage({ ...report.context, input }, { reportUrl, runUrl: environment.github.runUrl });
  const values: Readonly<Record<OutputName, string | number>> = {
    ...messageOutputs(message),
    new: countNew(report),
    outcome,
    verdict: inspection.verdict,
    total: totals.total,
    healthy: totals.healthy,
    attention: totals.attention,
    'at-risk': totals.atRisk,
    unknown: totals.unknown,
    'report-path': report.pages[0]?.path ?? '',
    'report-json-path': report.json.path,
    suggestions: JSON.stringify(suggestionsOf(context).map((one) => describe(one, context.options.pricePerGibMonth))),
    'artifact-path': places.find(({ folder }) => folder !== undefined)?.folder ?? '',
    'report-url': reportUrl,
    'commit-sha': commit?.state === 'committed' ? commit.sha : '',
    'gate-verdict': '',
    changes: '',
    'pull-requests': JSON.stringify(delivered.pullRequests.map(({ diff, unsure, createdAt, ...rest }) => rest)),
  };
  for (const [name, value] of Object.entries(values)) runner.output(name, String(value));
}

function describe(suggestion: Suggestion, price: Price | undefined) {
  return {
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
    costPerMonth: price && exactCost(suggestion.reserves, price),
  };
}

/** Empty where there is no earlier report. */
function countNew({ context: { comparison } }: Report): number | '' {
  return comparison === undefined ? '' : comparison.added.length + comparison.worse.length;
}

function committedUrl({ environment }: InspectionContext, report: Report, commit: End['commit']): string {
  const { repositoryUrl } = environment.github;
  if (commit === undefined || commit.state === 'failed' || repositoryUrl === undefined) return '';
  return `${repositoryUrl}/blob/${commit.sha}/${encodePath(report.pages[0]?.path ?? '')}`;
}
