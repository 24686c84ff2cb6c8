import type { Stack } from '../engine/stack.ts';
import type { Cluster } from '../fleet/model.ts';
import { warn } from './cluster.ts';
import type { Run } from './run.ts';

/**
 * Tells what a killed run had begun and not ended; to be asked before a refresh, which forgets it.
 * @returns whether there was such a thing.
 * @throws SwarmctlError `locked` when another run of Pulumi is at work.
 */
export async function tellPending(
  { run, cluster }: { run: Pick<Run, 'emit' | 'signal'>; cluster: Pick<Cluster, 'name'> },
  stacks: Stack[],
): Promise<boolean> {
  const pending = (await Promise.all(stacks.map((stack) => stack.pending(run.signal)))).flat();
  if (pending.length === 0) return false;
  const begun = pending.map(({ operation, resource }) => `${operation} ${resource}`);
  warn(run, cluster, `A run was cut off in the middle of this: ${begun.join(', ')}`);
  return true;
}
