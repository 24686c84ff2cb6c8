import { SwarmctlError } from '../src/errors.ts';

/** Takes machines down one after the other, and no more of them after one that did not come back. */
export interface Roll {
  /** @throws SwarmctlError `node-failed` after a failure, or what `work` throws. */
  next<T>(machine: string, work: () => Promise<T>): Promise<T>;
}

export function createRoll(): Roll {
  let last: Promise<unknown> = Promise.resolve();
  let failed: string | undefined;
  return {
    next(machine, work) {
      const turn = last.then(async () => {
        if (failed !== undefined) throw stopped(machine, failed);
        try {
          return await work();
        } catch (error) {
          failed = machine;
          throw error;
        }
      });
      last = turn.catch(() => {});
      return turn;
    },
  };
}

function stopped(machine: string, failed: string): SwarmctlError {
  return new SwarmctlError('node-failed', `${machine} was not restarted, since ${failed} failed.`, {
    hint: `See to ${failed}, then run swarmctl up again: it goes on from there.`,
  });
}
