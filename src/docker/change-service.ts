import { isDeepStrictEqual } from 'node:util';
import type { AuthConfig } from 'dockerode';
import { failedTasks, waitForConvergence } from './convergence.ts';
import type { ServiceSpec } from './engine-spec.ts';
import { changeInSequence, type Swarm } from './swarm.ts';

export interface ChangeOptions {
  /** Milliseconds until `timeout`. */
  deadlineMs: number;
  signal: AbortSignal;
  onProgress(text: string): void;
}

/**
 * Changes a service that runs, in place, and waits until it has converged. The swarm keeps the registry's credentials.
 * @param name full name of the service.
 * @param change what makes the wanted spec of the present one.
 * @returns whether there was anything to change.
 * @throws SwarmctlError as `waitForConvergence`; `not-found` when there is no such service.
 */
export async function changeService(
  swarm: Swarm,
  name: string,
  change: (spec: ServiceSpec) => ServiceSpec,
  options: ChangeOptions,
): Promise<boolean> {
  const earlierFailures = await failedTasks(swarm, name);
  const { id, isChanged } = await changeInSequence(swarm, `changing service ${name}`, async (api) => {
    const service = api.getService(name);
    const { ID, Version, Spec } = (await service.inspect()) as LiveService;
    const wanted = change(Spec);
    if (isDeepStrictEqual(Spec, wanted)) return { id: ID, isChanged: false };
    await service.update({ ...wanted, version: Version.Index, authconfig: keptCredentials });
    return { id: ID, isChanged: true };
  });
  await waitForConvergence(swarm, id, {
    name,
    change: isChanged ? 'updated' : 'none',
    earlierFailures,
    ...options,
  });
  return isChanged;
}

/** The client's type does not say that it takes undefined, with which the engine keeps what it was given before. */
const keptCredentials = undefined as unknown as AuthConfig;

interface LiveService {
  ID: string;
  Version: { Index: number };
  Spec: ServiceSpec;
}
