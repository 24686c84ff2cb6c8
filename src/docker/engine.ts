import type Dockerode from 'dockerode';
import { SwarmctlError } from '../errors.ts';
import { withDeadline } from './deadline.ts';
import { outerEndpoint, parseEndpoint } from './endpoint.ts';
import { dockerError } from './failure.ts';
import { openTransport } from './transport.ts';

/** One Docker engine. */
export interface Engine {
  endpoint: string;
  /**
   * Asks the engine something.
   * @param what the question in words, for errors: `reading service shop_web`.
   * @param deadlineMs milliseconds, 15,000 by default.
   * @throws SwarmctlError `unreachable`, `no-quorum`, `not-found`, `conflict`, `timeout` or `docker`.
   */
  ask<T>(what: string, question: (api: Dockerode) => Promise<T>, deadlineMs?: number): Promise<T>;
  close(): void;
}

const defaultDeadlineMs = 15_000;

/** The engine at an endpoint URL. No connection is made before the first question. */
export function openEngine(endpoint: string): Engine {
  const { api, close } = openTransport(endpoint);
  return {
    endpoint,
    close,
    async ask(what, question, deadlineMs = defaultDeadlineMs) {
      try {
        return await withDeadline(question(api), deadlineMs, `${what} on ${endpoint}`);
      } catch (error) {
        if (error instanceof TypeError || error instanceof ReferenceError) throw error;
        throw dockerError(error, what, endpoint);
      }
    },
  };
}

/** What the engine says of its own membership: inactive, pending, active, error, locked. */
export async function localState(engine: Engine, deadlineMs?: number): Promise<string> {
  const info = await engine.ask('asking whether it is in a swarm', (api) => api.info(), deadlineMs);
  return info.Swarm?.LocalNodeState ?? 'inactive';
}

/**
 * The engine that local nodes run on.
 * @throws SwarmctlError `config` when that is not one of this machine.
 */
export function openOuterEngine(endpoint: string = outerEndpoint()): Engine {
  if (parseEndpoint(endpoint).kind === 'unix') return openEngine(endpoint);
  throw new SwarmctlError('config', `The engine address ${endpoint} is not one of this machine.`, {
    hint: 'Local fleets need a Docker engine on this machine: set DOCKER_HOST to unix:///path/to/docker.sock.',
  });
}
