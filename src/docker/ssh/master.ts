import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SshTarget } from '../endpoint.ts';
import { sshConfig } from './config.ts';

/** The one connection to a machine that everything else goes over: `ssh -M`. */
export interface Master {
  /** The control socket. */
  control: string;
  /** A folder of mode 0700 for further sockets; it is removed when the connection ends. */
  folder: string;
  isAlive(): boolean;
}

/** What ssh said, line by line, when it did not come to a connection. */
export interface MasterFailure {
  said: string[];
  timedOut: boolean;
}

const up = 'swarmctl-is-connected';
const keptLines = 200;
const lastWordsMs = 200;

/**
 * Starts ssh and ends it, and removes its folder, as soon as nobody holds the other end of stdin any more: however
 * swarmctl ends. The watcher goes first, so that it ends no other process that has the number by then.
 */
const guardian = `
folder=$1; shift
exec 3<&0
"$@" </dev/null 3<&- &
ssh=$!
{ read -r _; kill "$ssh"; } <&3 3<&- 2>/dev/null &
watcher=$!
exec 3<&-
wait "$ssh"
status=$?
kill "$watcher" 2>/dev/null
rm -rf -- "$folder"
exit $status
`;

/**
 * Logs in to a machine.
 * @param deadlineMs milliseconds that this may take.
 */
export async function startMaster(target: SshTarget, deadlineMs: number): Promise<Master | MasterFailure> {
  const folder = await mkdtemp(join(socketFolder(), 'swarmctl-ssh-'));
  const [control, config] = [join(folder, 'c'), join(folder, 'config')];
  await writeFile(config, sshConfig(target.config));
  const child = startAside('sh', [
    '-c',
    guardian,
    'sh',
    folder,
    'ssh',
    ...masterArguments(target, config, control),
  ]);
  const end = () => child.stdin.destroy();
  child.once('exit', end);
  const said = recordLines(child.stderr);
  let timedOut = false;
  const expiry = setTimeout(() => {
    timedOut = true;
    end();
  }, deadlineMs).unref();
  const isUp = await Promise.race([says(child.stdout, up), ended(child).then(() => false)]);
  clearTimeout(expiry);
  if (!isUp) return { said, timedOut };
  return { control, folder, isAlive: () => child.exitCode === null && child.signalCode === null };
}

/** Paths of unix sockets have at most 107 bytes, and ssh adds 17 to that of the control socket while it makes it. */
function socketFolder(): string {
  return tmpdir().length <= 60 ? tmpdir() : '/tmp';
}

function masterArguments(target: SshTarget, config: string, control: string): string[] {
  const settings = {
    // Not known before OpenSSH 8.7, which then cannot be set in the user's configuration either.
    IgnoreUnknown: 'ForkAfterAuthentication',
    ForkAfterAuthentication: 'no',
    ControlPersist: 'no',
    ClearAllForwardings: 'yes',
    ForwardAgent: 'no',
    ForwardX11: 'no',
    RemoteCommand: 'none',
    PermitLocalCommand: 'yes',
    // Run when the login has succeeded and the control socket listens (ssh.c, ssh_session2).
    LocalCommand: `echo ${up}`,
  };
  return [
    // Says what keys were seen and offered, which errors need.
    '-v',
    ...['-F', config, '-M', '-S', control, '-N', '-T'],
    ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    ...targetArguments(target),
  ];
}

/** What names a machine to ssh. */
export function targetArguments({ user, host, port }: SshTarget): string[] {
  return [
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', `${port}`]),
    '--',
    host,
  ];
}

/**
 * Starts a process that a Ctrl-C on the terminal does not reach, since swarmctl has to end what it does before, and
 * that does not keep swarmctl from ending: who waits for it has a deadline, which does.
 */
export function startAside(command: string, args: string[]): ChildProcessWithoutNullStreams {
  // ssh runs its LocalCommand by SHELL, which is /usr/sbin/nologin for users of services.
  const env = { ...process.env, LC_ALL: 'C', SHELL: '/bin/sh' };
  const child = spawn(command, args, { detached: true, env });
  child.unref();
  for (const socket of socketsOf(child)) socket.unref();
  // One that has ended already: its end tells.
  child.stdin.on('error', () => {});
  return child;
}

/** From now on, the process keeps swarmctl from ending. */
export function holdOn(child: ChildProcessWithoutNullStreams): void {
  child.ref();
  for (const socket of socketsOf(child)) socket.ref();
}

function socketsOf({ stdin, stdout, stderr }: ChildProcessWithoutNullStreams): Socket[] {
  return [stdin, stdout, stderr] as Socket[];
}

/** The last lines that a process has said so far. */
export function recordLines(stream: Readable): string[] {
  const lines: string[] = [];
  createInterface({ input: stream }).on('line', (line) => {
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
  });
  return lines;
}

function says(stream: Readable, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    createInterface({ input: stream }).on('line', (line) => {
      if (line === text) resolve(true);
    });
  });
}

/** Settles when a process has ended and what it said has been read; a child of its own may hold its stderr longer. */
export async function ended(child: ChildProcessWithoutNullStreams): Promise<void> {
  const read = once(child.stderr, 'close');
  await once(child, 'exit');
  await Promise.race([read, sleep(lastWordsMs, undefined, { ref: false })]);
}
