/** The run's progress as a person reads it in the log. Every text is escaped by the implementation. */
export interface Log {
  /** One line a step: what, counts, time. */
  step(text: string): void;
  /** More than a reader needs; shown in debug runs only. */
  debug(text: string): void;
  warn(text: string): void;
  /** Opens a fold in the log for what `work` does. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
}
