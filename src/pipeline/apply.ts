import { allSettled } from '../bench/all-settled.ts';
import { addChanges, describeCounts, hasChanges, noChanges, type StackChanges } from '../engine/changes.ts';
import { whileMaking } from './begun.ts';
import { appsFolder, type ClusterContext, operation } from './cluster.ts';
import { giveImages } from './node-images.ts';
import type { OnProgress, Plan } from './preview.ts';

/** What came of a plan. */
interface Applied {
  /** Whether tasks may still be starting: nodes were changed, or given images that tasks waited for. */
  settles: boolean;
  apps: StackChanges;
}

/** Carries out a plan: machines first, then images to all nodes, then apps. */
export async function applyPlan(context: ClusterContext, { machines, apps }: Plan): Promise<Applied> {
  let loaded = 0;
  let deployed = noChanges();
  const apply = async (onProgress: OnProgress) => {
    const done = [noChanges()];
    if (machines && hasChanges(machines.previewed)) {
      done.push(
        await machines.stack.up(operation(context, 'Changing the machines', onProgress), machines.previewed),
      );
    }
    const giving = giveImages(context, apps.images, onProgress);
    // The engine of Pulumi starts meanwhile; no service is made before the nodes have what it runs.
    apps.ready.when = giving;
    [loaded, deployed] = await allSettled([giving, deploy(context, apps, onProgress)]);
    return addChanges([...done, deployed]);
  };
  await context.stages.run('up', apply, (changes) =>
    loaded > 0 ? `${describeCounts(changes)}, images loaded ${loaded}` : describeCounts(changes),
  );
  const changedMachines = machines !== undefined && hasChanges(machines.previewed);
  return { settles: loaded > 0 || changedMachines, apps: deployed };
}

async function deploy(
  context: ClusterContext,
  { stack, previewed, wanted }: Plan['apps'],
  onProgress: OnProgress,
): Promise<StackChanges> {
  if (previewed && !hasChanges(previewed)) return noChanges();
  const made = previewed ? createdBy(previewed) : wanted.services.map(({ Name }) => `Service ${Name}`);
  const deploying = operation(context, 'Deploying the apps', onProgress);
  return whileMaking(appsFolder(context), made, () => stack.up(deploying, previewed));
}

function createdBy({ steps }: StackChanges): string[] {
  return steps.flatMap(({ op, type, name }) => (op === 'create' ? [`${type} ${name}`] : []));
}
