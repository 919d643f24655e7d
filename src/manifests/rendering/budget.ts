import type { WhyNot } from '../readable.ts';

/** What all renderings of a run may take together. */
export interface BudgetLimits {
  readonly renders: number;
  readonly seconds: number;
}

const DEFAULT_BUDGET: BudgetLimits = { renders: 3000, seconds: 300 };

/** Counts what rendering has taken. */
export interface Budget {
  /** Renderings so far. */
  readonly renders: number;
  /** Takes one rendering out of the budget; the refusal says why there is none left. */
  take(): WhyNot | undefined;
}

/** `elapsed` gives seconds since any fixed moment; the time counts from the first rendering. */
export function createBudget(elapsed: () => number, limits: BudgetLimits = DEFAULT_BUDGET): Budget {
  let begin: number | undefined;
  let renders = 0;
  const over = (what: string): WhyNot => ({
    reason: 'over budget',
    why: `not judged: ${what}; narrow the option manifests to the files that matter`,
  });
  return {
    get renders() {
      return renders;
    },
    take() {
      if (renders >= limits.renders) return over(`a run renders at most ${limits.renders} times`);
      begin ??= elapsed();
      if (elapsed() - begin > limits.seconds) return over(`rendering took more than ${limits.seconds} s in all`);
      renders++;
      return undefined;
    },
  };
}
