import { deliverImages, type LocalImage } from '../docker/images.ts';
import { addChanges, describeCounts, hasChanges, noChanges } from '../engine/changes.ts';
import { type ClusterContext, operation } from './cluster.ts';
import type { Plan } from './preview.ts';

/** Carries out a plan: machines first, then images to all nodes, then apps. */
export async function applyPlan(context: ClusterContext, { machines, apps, images }: Plan): Promise<void> {
  const { stages } = context;
  const apply = async (onProgress: (message: string) => void) => {
    const done = [noChanges()];
    if (machines && hasChanges(machines.previewed)) {
      done.push(
        await machines.stack.up(operation(context, 'Changing the machines', onProgress), machines.previewed),
      );
    }
    await giveImages(context, images, onProgress);
    if (hasChanges(apps.previewed)) {
      done.push(await apps.stack.up(operation(context, 'Deploying the apps', onProgress), apps.previewed));
    }
    return addChanges(done);
  };
  await stages.run('up', apply, describeCounts);
}

async function giveImages(
  { run, cluster, machines }: ClusterContext,
  images: readonly LocalImage[],
  onProgress: (message: string) => void,
): Promise<void> {
  const endpoints = machines.map(({ endpoint }) => endpoint);
  const missed = await deliverImages(run.outer, endpoints, images, onProgress);
  if (missed.length === 0) return;
  const message = `Not reached, so without the images of the apps: ${missed.join(', ')}`;
  run.emit({ type: 'note', level: 'warning', message, cluster: cluster.name });
}
