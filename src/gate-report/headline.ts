import type { GateFact, GateVerdict } from '../model/gate.ts';
import { type Level, worst } from '../model/level.ts';
import { count, iconOf } from '../text/format.ts';
import { toSingleLine } from '../text/markdown.ts';
import { join, name, type Phrase, say } from '../text/phrase.ts';
import { nameGateFact } from '../words/gate-names.ts';
import type { GateReportInput } from './gate-report.ts';
import type { GateRow } from './rows.ts';

/** Letters of a cluster's name. */
const LONGEST = 60;

/** Whether nothing changes memory, as far as could be told. */
export function changesNothing({ verdict }: Pick<GateReportInput, 'verdict'>): boolean {
  return verdict.changes.length === 0 && verdict.unread.length === 0;
}

/** How bad it is, counting what was not judged as not known. */
export function levelOf({ verdict }: Pick<GateReportInput, 'verdict'>): Level {
  return worst([verdict.verdict, verdict.unread.length > 0 ? 'unknown' : 'green']);
}

/** Whether the job fails. What the option `gate-on-missing-data` asks for, `allow-incomplete` does not take back. */
export function fails({
  outcome,
  options,
  verdict,
}: Pick<GateReportInput, 'outcome' | 'options' | 'verdict'>): boolean {
  if (outcome !== 'incomplete') return outcome === 'findings' || outcome === 'error';
  return (verdict.unread.length > 0 && !options.allowIncomplete) || failsUnknown(verdict, options);
}

/** Whether something is not known, and the option `gate-on-missing-data` asks to fail then. */
export function failsUnknown(
  { changes }: GateVerdict,
  { gateOnMissingData }: Pick<GateReportInput['options'], 'gateOnMissingData'>,
): boolean {
  return (
    gateOnMissingData === 'fail' && changes.some(({ findings }) => findings.some(({ level }) => level === 'unknown'))
  );
}

/** "Memory gate", with the cluster where it has a name. */
export function sayGate({ clusterName }: Pick<GateReportInput, 'clusterName'>): Phrase {
  const cluster = clusterName === undefined ? [] : say` of ${name(toSingleLine(clusterName, LONGEST))}`;
  return say`Memory gate${cluster}`;
}

/** The verdict in one sentence: whether the check passes, and why. */
export function sayVerdict(input: GateReportInput, rows: readonly GateRow[]): Phrase {
  const verb = fails(input) ? 'fails' : 'passes';
  const reasons = [...sayProblems(rows), ...sayUnknowns(input, rows)];
  const why = reasons.length === 0 ? sayGreen(input, rows) : join(reasons, '; ');
  const icon = input.outcome === 'error' ? '❌' : iconOf(levelOf(input));
  return say`${icon} ${sayGate(input)} ${verb}: ${why}${sayOption(input)}`;
}

/** "1 of 3 containers would be at risk (shop/nacos: limit below what it used), 1 needs attention" */
function sayProblems(rows: readonly GateRow[]): Phrase[] {
  const red = rows.filter(({ level }) => level === 'red');
  const yellow = rows.filter(({ level }) => level === 'yellow');
  const need = yellow.length === 1 ? 'needs' : 'need';
  if (red.length > 0) {
    const others = yellow.length === 0 ? '' : `, ${yellow.length} ${need} attention`;
    return [say`${shareOf(red.length, rows)} would be at risk${sayExample(red)}${others}`];
  }
  return yellow.length === 0 ? [] : [say`${shareOf(yellow.length, rows)} ${need} attention${sayExample(yellow)}`];
}

/** " (shop/nacos: limit below what it used)" */
function sayExample([row, ...others]: readonly GateRow[]): Phrase {
  if (row === undefined) return [];
  const finding = row.findings.find(({ level }) => level === row.level);
  const called = finding === undefined ? '' : `: ${nameGateFact(finding.fact, finding.level)}`;
  return say` (${others.length > 0 ? 'first ' : ''}${name(row.label)}${called})`;
}

/** "1 of 3 containers", "2 containers" where there are no others. */
function shareOf(number: number, rows: readonly GateRow[]): string {
  return number === rows.length ? count(number, 'container') : `${number} of ${rows.length} containers`;
}

function sayUnknowns({ verdict, outcome }: GateReportInput, rows: readonly GateRow[]): Phrase[] {
  if (outcome === 'error') return [['the run could not do its work']];
  const unknown = rows.filter(({ level }) => level === 'unknown');
  const unread = verdict.unread.length;
  const isRestGreen = rows.length > 0 && rows.every(({ level }) => level === 'green');
  return [
    ...(unknown.length > 0 ? [say`${shareOf(unknown.length, rows)} cannot be judged${sayExample(unknown)}`] : []),
    ...(unread > 0 ? [[`${count(unread, 'place')} could not be judged`]] : []),
    ...(unread > 0 && isRestGreen ? [['nothing is wrong with what could be']] : []),
  ];
}

function sayGreen(input: GateReportInput, rows: readonly GateRow[]): Phrase {
  if (changesNothing(input)) return ['no memory request or limit of a workload that is inspected changes'];
  const [only] = rows;
  const which = rows.length === 1 && only !== undefined ? name(only.label) : [`the ${rows.length} containers`];
  if (rows.every(isUncompared)) {
    const finding = only?.findings.find(({ fact }) => UNCOMPARED.has(fact.kind));
    const why =
      rows.length > 1 || finding === undefined ? sayExample(rows) : ` (${nameGateFact(finding.fact, 'green')})`;
    return say`${which} ${rows.length === 1 ? 'is' : 'are'} held against nothing${why}`;
  }
  return say`nothing is wrong with the memory of ${which}`;
}

const UNCOMPARED: ReadonlySet<GateFact['kind']> = new Set(['new', 'not inspected', 'other cluster', 'ignored']);

function isUncompared({ findings }: GateRow): boolean {
  return findings.some(({ fact }) => UNCOMPARED.has(fact.kind));
}

/** The option that makes it pass, or fail, where that is not what everybody expects. */
function sayOption({ verdict, outcome, options }: GateReportInput): string {
  const { failOn, allowIncomplete } = options;
  if (outcome === 'findings') return failOn === 'yellow' && verdict.verdict === 'yellow' ? '; fail-on is yellow' : '';
  if (verdict.verdict === 'red' && failOn === 'never') return '; fail-on is never';
  if (outcome !== 'incomplete') return '';
  if (failsUnknown(verdict, options)) return '; gate-on-missing-data is fail';
  return allowIncomplete ? '; allow-incomplete is set' : '; allow-incomplete would let that pass';
}
