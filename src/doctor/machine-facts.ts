import { readdir, readFile, statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findTool } from '../toolchain/tool.ts';
import type { Disk, MachineFacts } from './facts.ts';

/** Milliseconds that a socket has to take a connection. */
const socketDeadlineMs = 1_000;

/**
 * @param folders.images where the engine keeps images; absent when it does not answer.
 * @param folders.state where the state is, or will be.
 */
export async function collectMachine(folders: {
  images: string | undefined;
  state: string;
}): Promise<MachineFacts> {
  const [listening, images, state, isClockSynchronized, staleSockets] = await Promise.all([
    listeningPorts(),
    folders.images === undefined ? [] : [diskOf('images', folders.images)],
    diskOf('state', folders.state),
    clockSynchronized(),
    findStaleSockets(),
  ]);
  return {
    ...(listening && { listening }),
    availableMemoryBytes: process.availableMemory(),
    disks: [...(await Promise.all(images)), state],
    ...(isClockSynchronized !== undefined && { isClockSynchronized }),
    staleSockets,
  };
}

async function diskOf(what: Disk['what'], path: string): Promise<Disk> {
  const { bavail, bsize } = await statfs(path).catch(() => ({ bavail: undefined, bsize: 0 }));
  return bavail === undefined ? { what, path } : { what, path, freeBytes: bavail * bsize };
}

async function listeningPorts(): Promise<string[] | undefined> {
  const tables = await Promise.all(
    ['tcp', 'tcp6', 'udp', 'udp6'].map(async (table) => {
      const text = await readFile(`/proc/net/${table}`, 'utf8').catch(() => undefined);
      return text === undefined ? undefined : parseListeners(text, table.startsWith('tcp') ? 'tcp' : 'udp');
    }),
  );
  return tables.every((ports) => ports === undefined) ? undefined : tables.flatMap((ports) => ports ?? []);
}

/** State of a TCP socket that listens (include/net/tcp_states.h); a bound UDP socket has no such state. */
const tcpListen = '0A';

/** Ports of /proc/net/tcp and /proc/net/udp, such as `2377/tcp`. */
export function parseListeners(table: string, protocol: 'tcp' | 'udp'): string[] {
  return table
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state]) => protocol === 'udp' || state === tcpListen)
    .map(([, local = '']) => `${Number.parseInt(local.split(':')[1] ?? '', 16)}/${protocol}`);
}

/** What systemd knows of NTP; undefined where there is no systemd. */
async function clockSynchronized(): Promise<boolean | undefined> {
  const answer = await findTool('timedatectl', ['show', '--property=NTPSynchronized', '--value']);
  return answer === 'yes' ? true : answer === 'no' ? false : undefined;
}

/** Folders that users of OpenSSH put control sockets in. */
const socketFolders = ['.ssh', '.ssh/control', '.ssh/controlmasters', '.ssh/cm', '.ssh/sockets'];

async function findStaleSockets(): Promise<string[]> {
  const found = await Promise.all(socketFolders.map((folder) => socketsIn(join(homedir(), folder))));
  const sockets = found.flat();
  const stale = await Promise.all(sockets.map(isStale));
  return sockets.filter((_, index) => stale[index]);
}

async function socketsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isSocket()).map(({ name }) => join(folder, name));
}

/** Whether nothing takes connections on a socket any more; one that is slow is not stale. */
export function isStale(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path, timeout: socketDeadlineMs });
    const end = (isStale: boolean) => {
      socket.destroy();
      resolve(isStale);
    };
    socket.once('connect', () => end(false));
    socket.once('timeout', () => end(false));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => end(code === 'ECONNREFUSED'));
  });
}
