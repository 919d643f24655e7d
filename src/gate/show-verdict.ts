import { type Runner, showSummary } from '../actions.ts';
import type { Message } from '../formats/compose-message.ts';
import { writeGateMessage, writeNothingToJudge } from '../formats/gate-message.ts';
import { messageOutputs } from '../formats/message-outputs.ts';
import type { GateReport } from '../gate-report/gate-report.ts';
import type { GateVerdict, ValueChange } from '../model/gate.ts';
import type { Outcome } from '../model/inspection.ts';
import { bytesOf, type Setting } from '../model/workload.ts';

/** Shows the verdict in the job summary and at the changed lines; gives the sentence that says why that cannot be done. */
export async function showVerdict(runner: Runner, report: GateReport): Promise<string | undefined> {
  for (const annotation of report.annotations) runner.annotate(annotation);
  return showSummary(runner, report.summary);
}

/** Sets the outputs that tell of the verdict in a chat. */
export function setMessage(runner: Runner, report: GateReport, runUrl: string | undefined): void {
  output(runner, writeGateMessage(report, { runUrl }));
}

/** Sets the outputs of a run of the gate that has nothing to judge; `why` is a sentence. */
export function setNothingToJudge(runner: Runner, why: string, runUrl: string | undefined): void {
  runner.output('outcome', 'ok');
  output(runner, writeNothingToJudge(why, { runUrl }));
}

function output(runner: Runner, message: Message): void {
  for (const [name, value] of Object.entries(messageOutputs(message))) runner.output(name, value);
}

/** Sets the outputs of the gate. */
export function setVerdict(runner: Runner, outcome: Outcome, verdict: GateVerdict): void {
  runner.output('outcome', outcome);
  runner.output('gate-verdict', verdict.verdict);
  runner.output('changes', JSON.stringify(verdict.changes.map(describe)));
}

function describe({ change, namespace, level, findings, pods, evidence }: GateVerdict['changes'][number]) {
  const { kind, application, workload, container } = change;
  return {
    change: kind,
    level,
    namespace: namespace ?? workload.namespace,
    kind: workload.kind,
    name: workload.name,
    container,
    application: application.name,
    way: application.way,
    limit: describeValue(change.limit),
    request: describeValue(change.request),
    peak: evidence?.peak,
    pods,
    findings: findings.map(({ level: own, fact }) => ({ level: own, kind: fact.kind })),
  };
}

function describeValue({ before, after, at }: ValueChange) {
  return { before: sizeOf(before), after: sizeOf(after), path: at?.path, line: at?.line };
}

/** Bytes; `null` for none, and `unknown` for what is no quantity. */
function sizeOf(setting: Setting): number | null | 'unknown' {
  return setting.state === 'unknown' ? 'unknown' : (bytesOf(setting) ?? null);
}
