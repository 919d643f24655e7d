import { CHECKS_BY_RANK, type CheckName, type FactsOf, type Finding, type Findings } from '../model/finding.ts';
import { isProblem, type Level } from '../model/level.ts';
import type { Phrase } from '../text/phrase.ts';
import { HEAP_WORDS } from './heap.ts';
import type { Scene } from './scene.ts';
import { SIZING_WORDS } from './sizing.ts';
import { TREND_WORDS } from './trend.ts';
import { USAGE_WORDS } from './usage.ts';

/** A few words for something that is wrong. */
export interface Name {
  readonly level: Level;
  readonly text: string;
}

/** What is said of a check's findings, in every place where it is said. */
export interface Words<C extends CheckName> {
  /** A predicate of which the container is the subject: no capital, no full stop. */
  clause(facts: FactsOf[C], scene: Scene): Phrase;
  /** What is wrong, in a few words without the numbers that stand beside it; only asked of what is yellow or red. */
  names(finding: Finding<C>, findings: Findings): readonly Name[];
  /** What fits a cell of a table: "100.8 %". */
  cell(facts: FactsOf[C]): string;
}

const WORDS_OF: { readonly [C in CheckName]: Words<C> } = {
  usage: USAGE_WORDS,
  trend: TREND_WORDS,
  sizing: SIZING_WORDS,
  heap: HEAP_WORDS,
};

/** What a check found, as a predicate: "uses 2017Mi of 2000Mi (100.8 %) and is over its limit: …". */
export function clauseOf<C extends CheckName>(check: C, { facts }: Finding<C>, scene: Scene): Phrase {
  return WORDS_OF[check].clause(facts, scene);
}

/** What a check found, for a cell of a table. */
export function cellOf<C extends CheckName>(check: C, { facts }: Finding<C>): string {
  return WORDS_OF[check].cell(facts);
}

/** What is wrong with a container, the worst first: a few words a problem. */
export function nameProblems(findings: Findings): string[] {
  const named = CHECKS_BY_RANK.flatMap((check) => namesOf(check, findings));
  return [...named.filter(({ level }) => level === 'red'), ...named.filter(({ level }) => level !== 'red')].map(
    ({ text }) => text,
  );
}

function namesOf<C extends CheckName>(check: C, findings: Findings): readonly Name[] {
  const finding: Finding<C> | undefined = findings[check];
  return finding === undefined || !isProblem(finding.level) ? [] : WORDS_OF[check].names(finding, findings);
}
