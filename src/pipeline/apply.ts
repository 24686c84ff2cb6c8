import { addChanges, describeCounts, hasChanges, noChanges } from '../engine/changes.ts';
import { whileMaking } from './begun.ts';
import { appsFolder, type ClusterContext, operation } from './cluster.ts';
import { giveImages } from './node-images.ts';
import type { Plan } from './preview.ts';

/**
 * Carries out a plan: machines first, then images to all nodes, then apps.
 * @returns whether nodes were given images, so that tasks that waited for them start only now.
 */
export async function applyPlan(
  context: ClusterContext,
  { machines, apps, images }: Plan,
): Promise<{ gaveImages: boolean }> {
  const { stages } = context;
  let loaded = 0;
  const apply = async (onProgress: (message: string) => void) => {
    const done = [noChanges()];
    if (machines && hasChanges(machines.previewed)) {
      done.push(
        await machines.stack.up(operation(context, 'Changing the machines', onProgress), machines.previewed),
      );
    }
    loaded = await giveImages(context, images, onProgress);
    if (hasChanges(apps.previewed)) {
      const deploying = operation(context, 'Deploying the apps', onProgress);
      const deploy = () => apps.stack.up(deploying, apps.previewed);
      done.push(await whileMaking(appsFolder(context), apps.previewed.steps, deploy));
    }
    return addChanges(done);
  };
  await stages.run('up', apply, (changes) =>
    loaded > 0 ? `${describeCounts(changes)}, images loaded ${loaded}` : describeCounts(changes),
  );
  return { gaveImages: loaded > 0 };
}
