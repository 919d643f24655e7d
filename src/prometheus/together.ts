/** Work that is done at the same time and ends together. */
export interface Together {
  /** Aborts when the work is stopped. */
  readonly signal: AbortSignal;
  /** Keeps what was begun in sight, so that its failure never goes unheard. */
  readonly start: <T>(work: Promise<T>) => Promise<T>;
  /** Stops what is under way and waits until it has ended. */
  stop(reason: unknown): Promise<void>;
}

function createTogether(outer?: AbortSignal): Together {
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

/** Does work whose parts end together: where it fails, what is still under way is stopped before that is told. */
export async function doTogether<T>(
  work: (together: Together) => Promise<T>,
  outer: AbortSignal | undefined,
): Promise<T> {
  const together = createTogether(outer);
  try {
    return await work(together);
  } catch (cause) {
    await together.stop(cause);
    throw cause;
  }
}
