import { outerEndpoint } from '../docker/endpoint.ts';
import type { SwarmctlError } from '../errors.ts';
import type { Fleet } from '../fleet/model.ts';
import { stateFolder } from '../pipeline/fleet-state.ts';
import { cacheDirectory } from '../toolchain/cache.ts';
import { collectEngine } from './engine-facts.ts';
import type { Facts } from './facts.ts';
import { collectHosts } from './host-facts.ts';
import { collectKernel } from './kernel-facts.ts';
import { collectMachine } from './machine-facts.ts';
import { collectLocks, collectState } from './state-facts.ts';
import { collectTools } from './tool-facts.ts';

export interface DoctorOptions {
  fleet?: Fleet | undefined;
  fleetError?: SwarmctlError | undefined;
  env: NodeJS.ProcessEnv;
  /** Absolute working directory, where the state goes without a fleet file. */
  directory: string;
}

/** Finds out what there is. Nothing is installed, started, changed or kept waiting for long. */
export async function collectFacts({ fleet, fleetError, env, directory }: DoctorOptions): Promise<Facts> {
  const endpoint = outerEndpoint(env);
  const engine = await collectEngine(endpoint);
  const state = fleet && stateFolder(fleet);
  const cache = cacheDirectory(env);
  const [tools, kernel, machine, hosts, stateFacts, locks] = await Promise.all([
    collectTools(engine, fleet, cache, env),
    collectKernel(),
    collectMachine({
      images: engine.answers ? engine.rootFolder : undefined,
      state: fleet?.directory ?? directory,
    }),
    collectHosts(fleet),
    state === undefined ? undefined : collectState(state),
    collectLocks(cache, fleet),
  ]);
  return {
    now: Date.now(),
    ...(fleet && { fleet }),
    ...(fleetError && { fleetError }),
    tools,
    engine,
    kernel,
    machine,
    ...(hosts && { hosts }),
    ...(stateFacts && { state: stateFacts }),
    locks,
  };
}
