import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { SwarmctlError } from '../../errors.ts';
import { type SshTarget, sshEndpoint } from '../endpoint.ts';
import { sshError } from './failure.ts';
import { readFault } from './fault.ts';
import { type Master, startMaster } from './master.ts';
import { openPlaces, type Places } from './places.ts';
import { lost, type Session, startSession } from './session.ts';

/** The way to a machine: one connection, made when it is first needed, and again when it has died. */
export interface SshConnection {
  target: SshTarget;
  /** Its sessions. Streams through {@link forward} need none. */
  places: Places;
  /** Starts a command, given to the user's login shell. */
  start(command: string, signal: AbortSignal): Promise<Session>;
  /** Connects to a unix socket on the machine. */
  forward(path: string): Promise<Socket>;
}

/** Sessions at once: below the ten that sshd allows unless it is told otherwise (sshd_config(5), MaxSessions). */
const maxSessions = 8;
const loginDeadlineMs = 30_000;
const forwardDeadlineMs = 10_000;
const firstPauseMs = 250;
const longestPauseMs = 5_000;

const connections = new Map<string, SshConnection>();

/** The connection to a machine that all of this process share. */
export function sshConnection(target: SshTarget): SshConnection {
  const name = sshEndpoint(target);
  const known = connections.get(name) ?? openConnection(target);
  connections.set(name, known);
  return known;
}

function openConnection(target: SshTarget): SshConnection {
  const master = keepMaster(target);
  const places = openPlaces(maxSessions, sshEndpoint(target));
  const sockets = new WeakMap<Master, Map<string, Promise<string>>>();
  return {
    target,
    places,
    start: async (command, signal) => startSession(await master(), places, { target, command, signal }),
    async forward(path) {
      const live = await master();
      const known = sockets.get(live) ?? new Map<string, Promise<string>>();
      sockets.set(live, known);
      const local = known.get(path) ?? forwardSocket(live, target, path, known.size);
      known.set(path, local);
      local.catch(() => known.delete(path));
      const socket = connect({ path: await local, allowHalfOpen: true });
      await once(socket, 'connect').catch((cause) => {
        throw lost(target, { cause });
      });
      return socket;
    },
  };
}

/**
 * Makes sure of the master. One that died is started again; after an attempt that failed, the next one has to wait, and
 * who asks before is told the same.
 */
function keepMaster(target: SshTarget): () => Promise<Master> {
  let current: Promise<Master> | undefined;
  let live: Master | undefined;
  let pause = firstPauseMs;
  const start = async () => {
    live = undefined;
    try {
      live = await login(target);
      pause = firstPauseMs;
      return live;
    } catch (error) {
      setTimeout(() => {
        current = undefined;
      }, pause).unref();
      pause = Math.min(2 * pause, longestPauseMs);
      throw error;
    }
  };
  return () => {
    if (live && !live.isAlive()) current = undefined;
    current ??= start();
    return current;
  };
}

/** Logs in; an sshd that takes no more logins at the moment is asked again (MaxStartups). */
async function login(target: SshTarget): Promise<Master> {
  const end = performance.now() + loginDeadlineMs;
  for (let pause = firstPauseMs; ; pause = Math.min(2 * pause, longestPauseMs)) {
    const attempt = await startMaster(target, end - performance.now());
    if ('control' in attempt) return attempt;
    if (attempt.timedOut) throw tooSlow(target);
    const fault = readFault(attempt.said);
    if (fault.kind !== 'busy' || performance.now() + pause > end) throw await sshError(fault, target);
    // Not all at the same moment again.
    await sleep(pause * (0.5 + Math.random()), undefined, { ref: false });
  }
}

function tooSlow(target: SshTarget): SwarmctlError {
  const message = `The machine of ${sshEndpoint(target)} cannot be reached: the login did not finish within ${loginDeadlineMs / 1000} s.`;
  return new SwarmctlError('unreachable', message, {
    hint: 'Check the load of the machine, and of jump hosts on the way to it.',
  });
}

/** @returns the path of the socket on this side. */
async function forwardSocket(
  { control, folder }: Master,
  target: SshTarget,
  path: string,
  number: number,
): Promise<string> {
  const local = join(folder, `s${number}`);
  const { failed, stderr } = await execa(
    'ssh',
    ['-F', 'none', '-S', control, '-O', 'forward', '-L', `${local}:${path}`, '--', target.host],
    { reject: false, stdin: 'ignore', timeout: forwardDeadlineMs, detached: true },
  );
  if (!failed) return local;
  throw lost(target, { details: stderr ? [`| ${stderr}`] : [] });
}
