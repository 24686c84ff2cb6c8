import { allSettled } from '../bench/all-settled.ts';
import { addChanges, describeDrift } from '../engine/changes.ts';
import { type ClusterContext, openAppsStack, openMachines, operation } from './cluster.ts';
import { removeOrphans, tellPending } from './orphans.ts';
import { checkReachable } from './reachable.ts';

/**
 * Takes over into the state what is really there, so that the preview is one against reality.
 * @returns whether the cluster has a swarm; one whose forming was cut off may have none.
 */
export async function refreshCluster(context: ClusterContext): Promise<{ hasSwarm: boolean }> {
  const { stages, exists, cluster } = context;
  const refresh = async (onProgress: (message: string) => void) => {
    await checkReachable(context);
    const [machines, apps] = await Promise.all([
      openMachines(context),
      exists.apps ? openAppsStack(context) : undefined,
    ]);
    await tellPending(context, apps ? [machines, apps] : [machines]);
    const found = await allSettled([
      machines.refresh(operation(context, 'Refreshing the machines', onProgress)),
      apps?.refresh(operation(context, 'Refreshing the apps', onProgress)),
    ]);
    const changes = addChanges(found.filter((one) => one !== undefined));
    await removeOrphans(context, changes.present);
    return changes;
  };
  const { present } = await stages.run('refresh', refresh, describeDrift);
  return { hasSwarm: present.has(`Swarm ${cluster.name}`) };
}
