import { withDeadline } from '../deadline.ts';

/** The sessions of one connection: so many at once, and who comes later waits in order. */
export interface Places {
  /**
   * Waits for a place.
   * @returns what to call when it is free again.
   * @throws SwarmctlError `timeout` when none becomes free within `deadlineMs`.
   */
  take(deadlineMs: number, signal: AbortSignal): Promise<() => void>;
  /** While `work` runs, there are fewer places than was thought: idle ones are wanted. */
  whileShort<T>(work: () => Promise<T>): Promise<T>;
  /** Settles when the next place becomes free. */
  nextFree(): Promise<void>;
  /** Whether somebody waits, so that nobody should keep a place for later. */
  isShort(): boolean;
  /** Calls `listener` when places become short. @returns what stops that. */
  onShort(listener: () => void): () => void;
}

export function openPlaces(count: number, what: string): Places {
  let free = count;
  let wanting = 0;
  const waiting: (() => void)[] = [];
  const listeners = new Set<() => void>();
  let freed = Promise.withResolvers<void>();

  const release = () => {
    free++;
    waiting.shift()?.();
    freed.resolve();
    freed = Promise.withResolvers();
  };
  const whileShort = async <T>(work: () => Promise<T>) => {
    wanting++;
    // What frees a place at once must find it wanted.
    const worked = work();
    for (const listener of listeners) listener();
    try {
      return await worked;
    } finally {
      wanting--;
    }
  };
  const waitForFree = async (deadlineMs: number, signal: AbortSignal) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    try {
      await withDeadline(promise, deadlineMs, `waiting for one of the ${count} sessions of ${what}`, signal);
    } catch (error) {
      const index = waiting.indexOf(resolve);
      // Called just now: the next one gets it.
      if (index === -1) waiting.shift()?.();
      else waiting.splice(index, 1);
      throw error;
    }
  };

  return {
    async take(deadlineMs, signal) {
      while (free === 0) await whileShort(() => waitForFree(deadlineMs, signal));
      free--;
      let isFree = false;
      return () => {
        if (!isFree) release();
        isFree = true;
      };
    },
    whileShort,
    nextFree: () => freed.promise,
    isShort: () => wanting > 0,
    onShort(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
