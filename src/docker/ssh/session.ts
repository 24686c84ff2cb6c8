import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorFacts, SwarmctlError } from '../../errors.ts';
import { type SshTarget, sshEndpoint } from '../endpoint.ts';
import { refusesSession } from './fault.ts';
import { ended, holdOn, type Master, recordLines, startAside } from './master.ts';
import type { Places } from './places.ts';

/** A command that runs on a machine. */
export type Session = ChildProcessWithoutNullStreams;

/** Milliseconds until a session that sshd refuses, or that has no place, is given up. */
const deadlineMs = 30_000;
const firstPauseMs = 100;
const longestPauseMs = 2_000;

/** What start-up files of the login shell print comes before it. */
const opened = 'swarmctl-session-is-open';

/** Starts commands over one connection, no more at once than it has places. */
export async function startSession(
  master: Master,
  places: Places,
  request: { target: SshTarget; command: string; signal: AbortSignal },
): Promise<Session> {
  const release = await places.take(deadlineMs, request.signal);
  try {
    const session = await openSession(master, places, request);
    session.once('exit', release);
    return session;
  } catch (error) {
    release();
    throw error;
  }
}

/** sshd may allow fewer sessions than swarmctl has places for (MaxSessions): it is asked again when one has ended. */
async function openSession(
  master: Master,
  places: Places,
  { target, command, signal }: { target: SshTarget; command: string; signal: AbortSignal },
): Promise<Session> {
  const end = performance.now() + deadlineMs;
  for (let pause = firstPauseMs; ; pause = Math.min(2 * pause, longestPauseMs)) {
    const attempt = await tryToOpen(master, target, command);
    if ('session' in attempt) {
      if (!signal.aborted) return attempt.session;
      attempt.session.kill();
    }
    if (signal.aborted)
      throw new SwarmctlError('interrupted', `Running a command on ${sshEndpoint(target)} was interrupted.`);
    const said = 'said' in attempt ? attempt.said : [];
    if (!refusesSession(said) || performance.now() > end) {
      const details = said.filter((line) => line.trim() !== '').map((line) => `| ${line}`);
      throw master.isAlive() ? runsNothing(target, { details }) : lost(target, { details });
    }
    await places.whileShort(() => Promise.race([places.nextFree(), sleep(pause, undefined, { ref: false })]));
  }
}

/** A session that sshd refuses must not become a connection of its own, which ssh would make of it. */
async function tryToOpen(
  { control }: Master,
  { host }: SshTarget,
  command: string,
): Promise<{ session: Session } | { said: string[] }> {
  const settings = ['ProxyCommand=false', 'LogLevel=ERROR'].flatMap((setting) => ['-o', setting]);
  const session = startAside('ssh', [
    ...['-F', 'none', '-S', control, '-T', ...settings, '--', host],
    `echo ${opened}; ${command}`,
  ]);
  const said = recordLines(session.stderr);
  const expiry = setTimeout(() => session.kill(), deadlineMs).unref();
  const isOpen = await Promise.race([
    skipPast(session.stdout, `${opened}\n`),
    ended(session).then(() => false),
  ]);
  clearTimeout(expiry);
  if (!isOpen) return { said };
  holdOn(session);
  return { session };
}

/** Reads a stream up to and with `mark`, and no byte more. */
function skipPast(stream: Readable, mark: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let seen = Buffer.alloc(0);
  const onReadable = () => {
    for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) {
      seen = Buffer.concat([seen, chunk]);
      const start = seen.indexOf(mark);
      if (start === -1) continue;
      stream.off('readable', onReadable);
      const rest = seen.subarray(start + mark.length);
      if (rest.length > 0) stream.unshift(rest);
      resolve(true);
      return;
    }
  };
  stream.on('readable', onReadable);
  return promise;
}

function runsNothing(target: SshTarget, facts: ErrorFacts): SwarmctlError {
  return new SwarmctlError('unreachable', `The machine of ${sshEndpoint(target)} runs no command.`, {
    ...facts,
    hint: 'Look at MaxSessions in its sshd_config, and at what start-up files of the login shell do.',
  });
}

export function lost(target: SshTarget, facts: ErrorFacts): SwarmctlError {
  return new SwarmctlError('unreachable', `The connection to ${sshEndpoint(target)} was lost.`, facts);
}
