import { outdatedVersions, versionsOf } from '../docker/content-versions.ts';
import { type LiveContent, readContents, readServices } from '../docker/swarm-objects.ts';
import { SwarmctlError } from '../errors.ts';
import { type ClusterContext, warn } from './cluster.ts';

/**
 * Removes versions of configs and secrets that are too old for a rollback. To be done when the services have converged.
 * What cannot be removed, such as one that somebody else uses, is left to the next time.
 */
export async function pruneContents(context: ClusterContext): Promise<void> {
  const { swarm } = context;
  try {
    const services = (await readServices(swarm)).map(({ Spec }) => Spec);
    for (const kind of ['configs', 'secrets'] as const) {
      const contents: LiveContent[] = await readContents(swarm, kind);
      const { name, keep } = context.run.fleet;
      const outdated = outdatedVersions(versionsOf(contents, name), services, keep);
      for (const { id, fullName } of outdated) await remove(context, kind, id, fullName);
    }
  } catch (error) {
    if (!(error instanceof SwarmctlError) || error.code === 'interrupted') throw error;
    warn(context.run, context.cluster, `Old configs and secrets were not looked for: ${error.message}`);
  }
}

async function remove(
  { swarm }: ClusterContext,
  kind: 'configs' | 'secrets',
  id: string,
  name: string,
): Promise<void> {
  try {
    await swarm.ask(`removing ${name}`, (api) =>
      kind === 'configs' ? api.getConfig(id).remove() : api.getSecret(id).remove(),
    );
  } catch (error) {
    const isKept = error instanceof SwarmctlError && ['docker', 'not-found'].includes(error.code);
    if (!isKept) throw error;
  }
}
