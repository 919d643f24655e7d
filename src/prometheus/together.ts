/** Work that is done at the same time and ends together. */
export interface Together {
  /** Aborts when the work is stopped. */
  readonly signal: AbortSignal;
  /** Keeps what was begun in sight, so that its failure never goes unheard. */
  readonly start: <T>(work: Promise<T>) => Promise<T>;
  /** Stops what is under way and waits until it has ended. */
  stop(reason: unknown): Promise<void>;
}

export function createTogether(outer?: AbortSignal): Together {
  const stopping = new AbortController();
  const begun: Promise<unknown>[] = [];
  return {
    signal: outer ? AbortSignal.any([outer, stopping.signal]) : stopping.signal,
    start(work) {
      begun.push(work.catch(() => undefined));
      return work;
    },
    async stop(reason) {
      stopping.abort(reason);
      await Promise.all(begun);
    },
  };
}
