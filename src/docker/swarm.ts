import { setTimeout as sleep } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { type ErrorCode, SwarmctlError } from '../errors.ts';
import { waitUntil } from './deadline.ts';
import { type Engine, openEngine } from './engine.ts';

/** A swarm, asked through whichever of its managers has a quorum at the moment. */
export interface Swarm {
  /** Endpoints of its managers, as far as they are known. */
  endpoints: readonly string[];
  /** Counts one more endpoint among those of its managers. */
  learn(endpoint: string): void;
  /**
   * Asks a manager; when that one is lost or an election runs, another one is found and asked again, so the
   * question has to bear being asked twice.
   * @param deadlineMs how long one manager has to answer, in milliseconds.
   * @param searchMs how long to look for a manager with a quorum, in milliseconds; as the swarm was opened by default.
   * @throws SwarmctlError as {@link Engine.ask}; `no-quorum` or `unreachable` only after the deadline.
   */
  ask<T>(
    what: string,
    question: (api: Dockerode) => Promise<T>,
    deadlineMs?: number,
    searchMs?: number,
  ): Promise<T>;
  close(): void;
}

export interface SwarmOptions {
  /** How long to look for a manager with a quorum, in milliseconds; elections take up to about 15 s. */
  deadlineMs?: number;
  signal?: AbortSignal | undefined;
}

/** How long the next manager waits for the one before it to answer, in milliseconds. */
const headStartMs = 250;
const probeDeadlineMs = 5_000;
/** Until a manager that answered the probe but not the question is looked for again, in milliseconds. */
const retryIntervalMs = 200;
const defaultDeadlineMs = 45_000;

/**
 * The swarm that the managers at `endpoints` form.
 * @param endpoints of all managers, in the order of preference.
 */
export function openSwarm(endpoints: readonly string[], options: SwarmOptions = {}): Swarm {
  const known = [...endpoints];
  let manager: Promise<Engine> | undefined;
  // A question that comes to nothing drops the manager that it was put to, not one that another has found since.
  const drop = async (lost: Promise<Engine> | undefined) => {
    if (manager === lost) manager = undefined;
    (await lost?.catch(() => undefined))?.close();
  };
  const search = (deadlineMs: number) => {
    const found = findManager(known, { ...options, deadlineMs: Math.max(0, deadlineMs) });
    found.catch(() => drop(found));
    return found;
  };

  return {
    endpoints: known,
    learn(endpoint) {
      if (!known.includes(endpoint)) known.push(endpoint);
    },
    async ask(what, question, deadlineMs, searchMs = options.deadlineMs ?? defaultDeadlineMs) {
      const end = performance.now() + searchMs;
      for (;;) {
        manager ??= search(end - performance.now());
        const asked = manager;
        try {
          return await (await asked).ask(what, question, deadlineMs);
        } catch (error) {
          if (!isLostManager(error)) throw error;
          await drop(asked);
          if (performance.now() >= end || options.signal?.aborted) throw error;
          await sleep(retryIntervalMs);
        }
      }
    },
    close: () => void drop(manager),
  };
}

/**
 * Asks to change something that carries a version; when somebody else changed it between reading and writing,
 * `change` reads and writes once more.
 */
export async function changeInSequence<T>(
  swarm: Swarm,
  what: string,
  change: (api: Dockerode) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await swarm.ask(what, change);
    } catch (error) {
      const outOfSequence = error instanceof SwarmctlError && error.code === 'conflict';
      if (!outOfSequence || attempt === maxAttempts) throw error;
    }
  }
}

const maxAttempts = 5;

function isLostManager(error: unknown): boolean {
  return (
    error instanceof SwarmctlError &&
    (error.code === 'unreachable' || error.code === 'no-quorum' || error.code === 'timeout')
  );
}

/**
 * Finds a manager that has a quorum: the first that answers what only a leader knows.
 * @throws SwarmctlError `no-quorum`, `manager-locked`, `unreachable` or `no-swarm` with what each manager said.
 */
async function findManager(
  endpoints: readonly string[],
  options: SwarmOptions & { deadlineMs: number },
): Promise<Engine> {
  let refusals: unknown[] = [];
  const search = waitUntil(
    'finding a manager with a quorum',
    async () => {
      try {
        return await firstAnswering(endpoints);
      } catch (error) {
        refusals = error instanceof AggregateError ? error.errors : [error];
        if (refusals.every(isFinal)) throw refusedByAll(refusals);
        return undefined;
      }
    },
    { deadlineMs: options.deadlineMs, signal: options.signal },
  );
  return search.catch((error: unknown) => {
    throw error instanceof SwarmctlError && error.code === 'timeout' ? refusedByAll(refusals) : error;
  });
}

/** Why a machine lets nobody in; asking again would only be a further failed login. */
const refusedEntry: ReadonlySet<ErrorCode> = new Set([
  'host-key',
  'certificate',
  'access-denied',
  'no-engine',
  'config',
  'toolchain',
]);

/** Engines that answered and are in no swarm, or locked, will be the same a second later. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof SwarmctlError)) return false;
  return error.code === 'no-swarm' || error.code === 'manager-locked' || refusedEntry.has(error.code);
}

async function firstAnswering(endpoints: readonly string[]): Promise<Engine> {
  const found = new AbortController();
  const attempts = endpoints.map(async (endpoint, index) => {
    await sleep(index * headStartMs, undefined, { signal: found.signal });
    return answering(endpoint);
  });
  // Asked once: later on, any() would take the first of the list for the first in time.
  const first = Promise.any(attempts);
  for (const attempt of attempts) closeIfNotFirst(attempt, first);
  try {
    return await first;
  } finally {
    found.abort();
  }
}

function closeIfNotFirst(attempt: Promise<Engine>, first: Promise<Engine>): void {
  attempt.then(
    async (engine) => {
      if ((await first) !== engine) engine.close();
    },
    () => {},
  );
}

async function answering(endpoint: string): Promise<Engine> {
  const engine = openEngine(endpoint);
  try {
    const info = await engine.ask('asking for its state', (api) => api.info(), probeDeadlineMs);
    if (!info.Swarm?.ControlAvailable) throw notManager(endpoint, info.Swarm?.LocalNodeState);
    await engine.ask('asking the leader', (api) => api.swarmInspect(), probeDeadlineMs);
    return engine;
  } catch (error) {
    engine.close();
    throw error;
  }
}

function notManager(endpoint: string, state: string | undefined): SwarmctlError {
  if (state === 'locked') return lockedManager(endpoint);
  if (state === 'active') {
    return new SwarmctlError('unreachable', `The engine at ${endpoint} is a worker, so it can say nothing.`);
  }
  if (state !== undefined && state !== 'inactive') {
    // `pending` while it looks for the others after a start, `error` when it could not take up its membership.
    return new SwarmctlError(
      'no-quorum',
      `The manager at ${endpoint} has not taken up its swarm (${state}).`,
    );
  }
  return new SwarmctlError('no-swarm', `The engine at ${endpoint} is in no swarm.`);
}

/** A manager that was restarted and waits for its unlock key: it is neither gone nor in another swarm. */
export function lockedManager(endpoint: string): SwarmctlError {
  return new SwarmctlError('manager-locked', `The manager at ${endpoint} is locked.`, { hint: unlockHint });
}

const unlockHint = 'Run `swarmctl unlock`; the next `swarmctl up` unlocks it too.';

function refusedByAll(refusals: unknown[]): SwarmctlError {
  const errors = refusals.filter((error) => error instanceof SwarmctlError);
  const details = errors.map((error) => error.message);
  const refusal = errors.find(({ code }) => refusedEntry.has(code));
  if (refusal) return withOthers(refusal, errors);
  const locked = errors.filter((error) => error.code === 'manager-locked').length;
  if (locked > 0) {
    const subject = locked === 1 ? '1 manager is' : `${locked} managers are`;
    const message = `No reachable manager has a quorum: ${subject} locked.`;
    return new SwarmctlError('manager-locked', message, { details, hint: unlockHint });
  }
  if (errors.some((error) => error.code === 'no-quorum')) {
    return new SwarmctlError('no-quorum', 'No reachable manager has a quorum.', {
      details,
      hint: 'Bring the stopped managers back; more than half of them must be reachable.',
    });
  }
  if (errors.length > 0 && errors.every(isFinal)) {
    return new SwarmctlError('no-swarm', 'None of the engines is in a swarm.', {
      details,
      hint: '`swarmctl up` forms the swarm anew.',
    });
  }
  const [hint, ...otherHints] = new Set(errors.map((error) => error.hint));
  return new SwarmctlError('unreachable', 'No manager can be reached.', {
    details,
    hint:
      hint && otherHints.length === 0
        ? hint
        : 'Check that the machines and their engines run; `swarmctl doctor` looks at this machine.',
  });
}

/** What a person has to put right comes first; what the other managers said stands below. */
function withOthers(refusal: SwarmctlError, errors: SwarmctlError[]): SwarmctlError {
  const { code, message, hint, details, cause } = refusal;
  const others = errors.filter((error) => error !== refusal).map((error) => error.message);
  return new SwarmctlError(code, message, {
    details: [...details, ...others],
    ...(hint !== undefined && { hint }),
    cause,
  });
}
