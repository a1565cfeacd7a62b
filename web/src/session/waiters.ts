/** Those who wait for the same thing. */
export interface Waiters {
  count(): number;
  /** Resolves with what it is settled with next. */
  wait(): Promise<boolean>;
  /** Lets all who wait go on. */
  settle(isSettled: boolean): void;
}

export function createWaiters(): Waiters {
  let waiting: ((isSettled: boolean) => void)[] = [];
  return {
    count: () => waiting.length,
    wait: () => new Promise<boolean>((resolve) => waiting.push(resolve)),
    settle(isSettled: boolean) {
      const all = waiting;
      waiting = [];
      for (const resolve of all) resolve(isSettled);
    },
  };
}
