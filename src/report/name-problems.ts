import { formatBytes } from '../bytes.ts';
import type { Finding, SizingProblem, Thresholds } from '../model/finding.ts';
import type { JudgedContainer } from '../model/inspection.ts';
import { formatPercent } from '../text/format.ts';

/**
 * What is wrong with a pod's container, the worst first, as plain text: a few words a problem, without the numbers that the
 * tables show beside it.
 */
export function nameProblems({ findings }: Pick<JudgedContainer, 'findings'>, thresholds: Thresholds): string[] {
  const { usage, trend, sizing, heap } = findings;
  const named = [
    ...nameUsage(usage, thresholds),
    ...nameHeap(heap),
    ...nameTrend(trend),
    ...nameSizing(sizing, isProblem(usage)),
  ];
  return [...named.filter(({ level }) => level === 'red'), ...named.filter(({ level }) => level !== 'red')].map(
    ({ name }) => name,
  );
}

type Named = readonly { readonly level: Finding['level']; readonly name: string }[];

/** Whether a finding is yellow or red. */
export function isProblem(finding: Finding | undefined): finding is Finding {
  return finding?.level === 'yellow' || finding?.level === 'red';
}

function nameUsage(finding: Finding | undefined, { usageYellow, usageRed }: Thresholds): Named {
  if (!isProblem(finding) || finding.facts.check !== 'usage') return [];
  const { level } = finding;
  const { percent = 0, oomKill } = finding.facts;
  if (oomKill !== undefined) return [{ level, name: 'OOM-killed' }];
  if (level === 'red') return [{ level, name: percent > 100 ? 'over its limit' : 'close to its limit' }];
  if (percent > usageRed) return [{ level, name: 'close to its limit by page cache' }];
  return [
    { level, name: percent > usageYellow ? `over ${usageYellow} % of its limit` : 'its peak came near the limit' },
  ];
}

function nameHeap(finding: Finding | undefined): Named {
  if (!isProblem(finding) || finding.facts.check !== 'heap') return [];
  const { level } = finding;
  const { percent, fits } = finding.facts;
  const full = percent === undefined ? 'JVM heap' : `JVM heap ${formatPercent(percent)} full`;
  return [{ level, name: level === 'yellow' && fits === false ? 'a full JVM heap would not fit its limit' : full }];
}

function nameTrend(finding: Finding | undefined): Named {
  if (!isProblem(finding) || finding.facts.check !== 'trend') return [];
  const { level } = finding;
  switch (finding.facts.pattern) {
    case 'leak':
      return [{ level, name: 'possible leak' }];
    case 'slow leak':
      return [{ level, name: 'possible slow leak' }];
    case 'leak cut by OOMKills':
      return [{ level, name: 'leaks until it is killed' }];
    case 'page cache':
      return [{ level, name: 'page cache grows' }];
    case 'warming up':
      return [{ level, name: 'may still be warming up' }];
    default:
      return [{ level, name: withoutPace(finding).split(/[:;]/)[0] ?? '' }];
  }
}

/** A trend's meaning without the bytes per hour, which stand elsewhere. */
export function withoutPace({ summary, facts }: Finding): string {
  if (facts.check !== 'trend' || facts.bytesPerHour === undefined) return summary;
  return summary.replace(`, ${formatBytes(facts.bytesPerHour)} an hour`, '');
}

const SIZING: Readonly<Record<SizingProblem['kind'], string>> = {
  'near limit': 'its peak came near the limit',
  OOMKilled: 'OOM-killed',
  'low request': 'request under half of what it uses',
  'over-provisioned': 'limit larger than needed',
  'no limit': 'no limit',
  'no request': 'no request',
};

function nameSizing(finding: Finding | undefined, usageIsNamed: boolean): Named {
  if (!isProblem(finding) || finding.facts.check !== 'sizing') return [];
  const told = usageIsNamed ? ['near limit', 'OOMKilled'] : [];
  const { problems } = finding.facts;
  if (problems.length === 0) return usageIsNamed ? [] : [{ level: finding.level, name: finding.short }];
  return problems.filter(({ kind }) => !told.includes(kind)).map(({ kind, level }) => ({ level, name: SIZING[kind] }));
}
