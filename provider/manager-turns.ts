import { setTimeout as sleep } from 'node:timers/promises';
import { SwarmctlError } from '../src/errors.ts';

/** Lets one manager at a time join, leave or change its role. */
export type ManagerTurns = <T>(work: () => Promise<T>) => Promise<T>;

/** How long a manager that the quorum needs is asked for again, and how often, in milliseconds. */
const patienceMs = 5_000;
const intervalMs = 500;

/**
 * Whether a manager may go depends on who is there, so no two go at once. One that the quorum needs may be free a moment
 * later, when a dead one has gone: Pulumi tells nobody in which order it removes them. So its turn comes again.
 * @param signal ends the patience.
 */
export function createManagerTurns(signal: AbortSignal): ManagerTurns {
  let last: Promise<unknown> = Promise.resolve();
  const take = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
  return async (work) => {
    const end = performance.now() + patienceMs;
    for (;;) {
      const isLast = signal.aborted || performance.now() >= end;
      try {
        return await take(work);
      } catch (error) {
        const isNeeded = error instanceof SwarmctlError && error.code === 'quorum-refused';
        if (!isNeeded || isLast) throw error;
        await sleep(intervalMs);
      }
    }
  };
}
