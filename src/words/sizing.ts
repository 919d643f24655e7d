import { formatBytes } from '../bytes.ts';
import type { SizingFacts, SizingProblem } from '../model/finding.ts';
import { isProblem } from '../model/level.ts';
import { formatPercent } from '../text/format.ts';
import { join, type Phrase } from '../text/phrase.ts';
import { sayResize, sayUnkept } from './resize.ts';
import { sayFlat } from './usage.ts';
import type { Words } from './words.ts';

export const SIZING_WORDS: Words<'sizing'> = {
  clause(facts) {
    if (facts.problems.length > 0)
      return join(
        facts.problems.map((problem) => explain(problem, facts)),
        '; it ',
      );
    return [facts.missing === undefined ? 'has a request and a limit that fit what it uses' : MISSING[facts.missing]];
  },
  names({ facts }, { usage }) {
    const told: readonly SizingProblem['kind'][] =
      usage !== undefined && isProblem(usage.level) ? ['near limit', 'OOMKilled'] : [];
    return facts.problems
      .filter(({ kind }) => !told.includes(kind))
      .map(({ kind, level }) => ({ level, text: NAMES[kind] }));
  },
  cell({ problems, missing }) {
    if (problems.length > 0) return problems.map(({ kind }) => CELLS[kind]).join(', ');
    return missing === undefined ? 'fits' : 'not known';
  },
};

const MISSING: Readonly<Record<NonNullable<SizingFacts['missing']>, string>> = {
  usage: 'has no usage data to compare its request and limit with',
  limit: 'has an unknown limit',
  request: 'has an unknown request',
};

const NAMES: Readonly<Record<SizingProblem['kind'], string>> = {
  'near limit': 'peaked near its limit',
  OOMKilled: 'OOM-killed',
  'low request': 'request under half of what it uses',
  'over-provisioned': 'limit larger than needed',
  'no limit': 'no limit',
  'no request': 'no request',
  'sized in place': 'sized in its pods only',
  'resize not made': 'a resize that is not made',
};

const CELLS: Readonly<Record<SizingProblem['kind'], string>> = {
  'near limit': 'near limit',
  OOMKilled: 'OOM-killed',
  'low request': 'low request',
  'over-provisioned': 'over-provisioned',
  'no limit': 'no limit',
  'no request': 'no request',
  'sized in place': 'sized in place',
  'resize not made': 'resize not made',
};

function explain(problem: SizingProblem, facts: SizingFacts): Phrase {
  if (problem.kind === 'sized in place' && facts.drift) return sayUnkept(facts.drift);
  if (problem.kind === 'resize not made' && facts.resize) return sayResize(facts.resize);
  return [explainSize(problem, facts)];
}

function explainSize({ kind, used }: SizingProblem, { limit, redLine, flatDays }: SizingFacts): string {
  const amount = used === undefined ? 'an unknown amount' : formatBytes(used);
  const limitText = limit === undefined ? 'its limit' : `its ${formatBytes(limit)} limit`;
  switch (kind) {
    case 'near limit':
      return `peaked at ${amount}, over ${formatPercent(redLine)} of ${limitText}: ${flatDays === undefined ? 'the limit is too low' : sayFlat(flatDays)}`;
    case 'OOMKilled':
      return 'was OOM-killed: measured usage stops at the limit, so it needs more than that';
    case 'low request':
      return `requests less than half of the ${amount} it uses, so the scheduler may overcommit the node`;
    case 'over-provisioned': {
      const share = used === undefined || limit === undefined ? '' : ` (${formatPercent((used / limit) * 100)})`;
      return `peaked at ${amount} of ${limitText}${share} in the window: the limit is larger than needed`;
    }
    case 'no limit':
      return 'has no limit, so it can take the whole node';
    case 'no request':
      return 'has no request, so the scheduler places it as if it used nothing';
    case 'sized in place':
      return 'was resized in place, which the next rollout takes back';
    case 'resize not made':
      return 'is to be resized in place, which has not happened';
  }
}
