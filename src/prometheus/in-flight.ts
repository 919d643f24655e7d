/** Runs tasks in the order given, at most so many at a time as the server bears. */
export interface InFlight {
  run<T>(task: () => Promise<T>): Promise<T>;
  /** Halves how many may run at a time, down to one; what runs already goes on. */
  slowDown(): void;
}

export function createInFlight(most: number): InFlight {
  const waiting: (() => void)[] = [];
  let allowed = most;
  let running = 0;
  const next = (): void => {
    while (running < allowed) {
      const begin = waiting.shift();
      if (!begin) return;
      running++;
      begin();
    }
  };
  return {
    async run(task) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        next();
      });
      try {
        return await task();
      } finally {
        running--;
        next();
      }
    },
    slowDown() {
      allowed = Math.max(1, Math.floor(allowed / 2));
    },
  };
}
