import { stateLabel } from '../../programs/local-cluster.ts';
import { unlessGone } from '../docker/failure.ts';
import type { Stack } from '../engine/stack.ts';
import { type ClusterContext, warn } from './cluster.ts';
import { stateId } from './settings.ts';

/**
 * Tells what a killed run had begun and not ended; to be asked before a refresh, which forgets it.
 * @returns whether there was such a thing.
 * @throws SwarmctlError `locked` when another run of Pulumi is at work.
 */
export async function tellPending({ run, cluster }: ClusterContext, stacks: Stack[]): Promise<boolean> {
  const pending = (await Promise.all(stacks.map((stack) => stack.pending(run.signal)))).flat();
  if (pending.length === 0) return false;
  const begun = pending.map(({ operation, resource }) => `${operation} ${resource}`);
  warn(run, cluster, `A run was cut off in the middle of this: ${begun.join(', ')}`);
  return true;
}

/**
 * Removes the containers that a run of this very state made and did not live to write down, so that they can be made
 * anew. No data goes with them: it is in volumes, which stay. What else such a run made, its create takes again.
 * @param known resources that the state holds, as `Container shop-eu-west-1-manager-1`.
 */
export async function removeOrphans(
  { run, cluster }: ClusterContext,
  known: ReadonlySet<string>,
): Promise<void> {
  const label = [`${stateLabel}=${stateId(run.settings)}`, `swarmctl.cluster=${cluster.name}`];
  const containers = await run.outer.ask('listing the containers', (api) =>
    api.listContainers({ all: true, filters: { label } }),
  );
  for (const { Id, Names } of containers) {
    const name = (Names[0] ?? Id).replace(/^\//, '');
    if (known.has(`Container ${name}`)) continue;
    const removal = run.outer.ask(`removing ${name}`, (api) => api.getContainer(Id).remove({ force: true }));
    await unlessGone(removal);
    warn(run, cluster, `Removed ${name}: a run that was cut off made it, and did not live to write it down.`);
  }
}
