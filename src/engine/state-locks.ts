import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { folderOf } from './state-files.ts';

/** Who holds a lock of a stack, as Pulumi's own backends write it (pkg/backend/diy/lock.go). */
export interface LockHolder {
  pid: number;
  username: string;
  hostname: string;
  timestamp: string;
}

/** The holders of a stack's lock; none for a backend that is not a folder, where only Pulumi can tell. */
export async function lockHolders(backend: string, project: string, stack: string): Promise<LockHolder[]> {
  const root = folderOf(backend);
  if (root === undefined) return [];
  const folder = join(root, 'locks', 'organization', project, stack);
  const files = await readdir(folder).catch(() => []);
  const locks = files.filter((file) => file.endsWith('.json'));
  const holders = await Promise.all(locks.map((file) => readHolder(join(folder, file))));
  return holders.filter((holder) => holder !== undefined);
}

/** Undefined when the lock was released meanwhile. */
async function readHolder(file: string): Promise<LockHolder | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as LockHolder);
}

/** Whether the holder's process has ended; of another machine's nothing can be known. */
export function isDead({ pid, hostname: host }: Pick<LockHolder, 'pid' | 'hostname'>): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Such as `process 4711 of ann on host web-1, since 2026-11-21T10:00:00Z`. */
export function describeHolder({ pid, username, hostname: host, timestamp }: LockHolder): string {
  return `process ${pid} of ${username} on host ${host}, since ${timestamp}`;
}
