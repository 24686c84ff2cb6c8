import type Dockerode from 'dockerode';
import { SwarmctlError } from '../errors.ts';
import { type Engine, localState, openEngine } from './engine.ts';

/** How long an engine has to say whether it is locked, in milliseconds. */
const stateDeadlineMs = 5_000;
/** How long an engine may take to start its manager with a key, in milliseconds: it waits for a quorum. */
const startDeadlineMs = 30_000;

/**
 * The key that managers of the swarm are locked with when they restart; to be asked of one that is not locked. The API
 * client has no method for it (Engine API, GET /swarm/unlockkey).
 */
export async function readUnlockKey(api: Dockerode): Promise<string> {
  const { UnlockKey } = (await dial(api, 'GET', '/swarm/unlockkey')) as { UnlockKey: string };
  return UnlockKey;
}

/** Makes the swarm another unlock key; managers take it over one by one (Engine API, POST /swarm/update). */
export async function rotateUnlockKey(api: Dockerode): Promise<void> {
  await rotate(api, { rotateManagerUnlockKey: true });
}

/** Makes the swarm another token; nodes that have joined stay. */
export async function rotateJoinToken(api: Dockerode, role: 'manager' | 'worker'): Promise<void> {
  await rotate(api, role === 'manager' ? { rotateManagerToken: true } : { rotateWorkerToken: true });
}

/** Whether the manager at an endpoint is locked; undefined when its engine does not answer. */
export function isLocked(endpoint: string): Promise<boolean | undefined> {
  return ifAnswering(endpoint, async (engine) => (await localState(engine, stateDeadlineMs)) === 'locked');
}

/** The node id of the engine at an endpoint; undefined as long as it is no active member of a swarm. */
export function memberOf(endpoint: string): Promise<string | undefined> {
  return ifAnswering(endpoint, async (engine) => {
    const { Swarm } = await engine.ask('asking for its node id', (api) => api.info());
    return Swarm?.LocalNodeState === 'active' ? Swarm.NodeID : undefined;
  });
}

async function ifAnswering<T>(
  endpoint: string,
  question: (engine: Engine) => Promise<T>,
): Promise<T | undefined> {
  const engine = openEngine(endpoint);
  try {
    return await question(engine);
  } catch (error) {
    if (error instanceof SwarmctlError) return undefined;
    throw error;
  } finally {
    engine.close();
  }
}

/**
 * Unlocks the manager at an endpoint. What counts is that it is not locked any more: it may still wait for a quorum.
 * @param keys are tried in this order.
 * @param signal ends the wait.
 * @returns whether it is open now; false when none of the keys fits.
 */
export async function unlockManager(
  endpoint: string,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  const engine = openEngine(endpoint);
  signal.addEventListener('abort', engine.close);
  try {
    for (const UnlockKey of keys) {
      const unlocking = engine.ask(
        'unlocking',
        (api) => dial(api, 'POST', '/swarm/unlock', { UnlockKey }),
        startDeadlineMs,
      );
      // A wrong key is an error like others; the engine's state tells them apart.
      await unlocking.catch(() => {});
      if (signal.aborted) throw new SwarmctlError('interrupted', `Unlocking ${endpoint} was interrupted.`);
      if ((await localState(engine)) !== 'locked') return true;
    }
    return false;
  } finally {
    signal.removeEventListener('abort', engine.close);
    engine.close();
  }
}

async function rotate(api: Dockerode, what: object): Promise<void> {
  const { Version, Spec } = await api.swarmInspect();
  await api.swarmUpdate({ _query: { version: Version?.Index, ...what }, _body: Spec });
}

/** Errors have the form of the client's own. */
function dial(api: Dockerode, method: 'GET' | 'POST', path: string, options: object = {}): Promise<unknown> {
  const statusCodes = { 200: true, 400: 'bad parameter', 503: 'node is not part of a swarm' };
  return new Promise((resolve, reject) => {
    api.modem.dial({ path, method, options, statusCodes }, (error: unknown, data: unknown) =>
      error ? reject(error) : resolve(data),
    );
  });
}
