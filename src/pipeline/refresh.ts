import { addChanges, describeDrift } from '../engine/changes.ts';
import { type ClusterContext, openAppsStack, openMachines, operation } from './cluster.ts';

/**
 * Takes over into the state what is really there, so that the preview is one against reality.
 * @returns whether the cluster has a swarm; one whose forming was cut off may have none.
 */
export async function refreshCluster(context: ClusterContext): Promise<{ hasSwarm: boolean }> {
  const { stages, exists } = context;
  const refresh = async (onProgress: (message: string) => void) => {
    const found = await Promise.all([
      openMachines(context).then((stack) =>
        stack.refresh(operation(context, 'Refreshing the machines', onProgress)),
      ),
      ...(exists.apps
        ? [
            openAppsStack(context).then((stack) =>
              stack.refresh(operation(context, 'Refreshing the apps', onProgress)),
            ),
          ]
        : []),
    ]);
    return addChanges(found);
  };
  const { types } = await stages.run('refresh', refresh, describeDrift);
  return { hasSwarm: types.has('Swarm') };
}
