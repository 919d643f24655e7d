/** The run's progress as a person reads it in the log. Every text is escaped by the implementation. */
export interface Log {
  /** One line a step: what, counts, time. */
  step(text: string): void;
  /** More than a reader needs; shown in debug runs only. */
  debug(text: string): void;
  warn(text: string): void;
  /** Counts what is asked of the cluster and of Prometheus, as it is begun and as it ends. */
  progress?(what: Asked, change: 'begun' | 'ended'): void;
  /** Opens a fold in the log for what `work` does. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
}

/** One request: a page of a list, a query. */
export type Asked = 'list' | 'query';

/** Does one request, counted. */
export async function countAsked<T>(log: Log, what: Asked, work: () => Promise<T>): Promise<T> {
  log.progress?.(what, 'begun');
  try {
    return await work();
  } finally {
    log.progress?.(what, 'ended');
  }
}
