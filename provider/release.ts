import type Dockerode from 'dockerode';
import { waitUntil } from '../src/docker/deadline.ts';
import { SwarmctlError } from '../src/errors.ts';
import type { Context } from './resource.ts';

const releaseDeadlineMs = 60_000;

/**
 * Removes what tasks use, as soon as those of services that were just removed or changed have let go of it. What is
 * gone already is removed.
 * @param what such as `network shop_backend`.
 * @throws SwarmctlError `timeout` with the swarm's last refusal.
 */
export async function removeWhenReleased(
  context: Context,
  what: string,
  remove: (api: Dockerode) => Promise<unknown>,
): Promise<void> {
  let refusal = '';
  const attempt = async () => {
    try {
      await context.swarm.ask(`removing ${what}`, remove);
      return true;
    } catch (error) {
      if (!(error instanceof SwarmctlError)) throw error;
      if (error.code === 'not-found') return true;
      refusal = error.message;
      return undefined;
    }
  };
  const { signal } = context;
  await waitUntil(`Removing ${what}`, attempt, {
    deadlineMs: releaseDeadlineMs,
    signal,
    describe: () => refusal,
  });
}
