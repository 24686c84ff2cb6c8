import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { waitUntil } from '../docker/deadline.ts';

export interface Owner {
  host: string;
  pid: number;
  /** When it took the lock, in ISO 8601. */
  since: string;
  /** What tells this process from a later one with the same id; empty where the system does not say. */
  started: string;
}

export interface LockOptions {
  /** Milliseconds to wait for the owner before failing with `timeout`. */
  deadlineMs: number;
  /** Called once when another run holds the lock, with that run's process id. */
  onWait?: (pid: number) => void;
  /** Called when the lock was that of a run that has ended without releasing it. */
  onTakeOver?: (owner: Owner) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Runs `action` while holding the lock file `path`, which names its owner. A lock whose owner has ended is taken over.
 * Two runs that find the same stale lock in the same instant may both get it: what they do must bear being done twice.
 * @throws SwarmctlError `timeout` that names the owner, `interrupted`.
 */
export async function withLock<T>(path: string, options: LockOptions, action: () => Promise<T>): Promise<T> {
  await acquire(path, options);
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}

/** Such as `process 4711 on web-1, since 2026-11-21T10:00:00.000Z`. */
export function describeOwner({ pid, host, since }: Owner): string {
  return `process ${pid} on ${host}, since ${since}`;
}

/** Who holds the lock file `path`, and whether that process still runs; undefined when nobody does. */
export async function lockOwner(path: string): Promise<(Owner & { isAlive: boolean }) | undefined> {
  const owner = await readOwner(path);
  return owner && { ...owner, isAlive: await isAlive(owner) };
}

async function acquire(path: string, { deadlineMs, onWait, onTakeOver, signal }: LockOptions): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  let holder: Owner | undefined;
  const attempt = async (): Promise<true | undefined> => {
    if (await create(path)) return true;
    const seen = await readOwner(path);
    if (seen && !(await isAlive(seen))) {
      await rm(path, { force: true });
      if (await create(path)) {
        onTakeOver?.(seen);
        return true;
      }
    } else if (seen && !holder) onWait?.(seen.pid);
    holder = seen ?? holder;
    return undefined;
  };
  const describe = () => (holder ? `held by ${describeOwner(holder)}` : 'released meanwhile');
  await waitUntil(`Release of the lock ${path}`, attempt, { deadlineMs, signal, describe });
}

/** A lock appears together with its owner's name, since a link is made in one step. */
async function create(path: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  const { pid } = process;
  const since = new Date().toISOString();
  const owner: Owner = { host: hostname(), pid, since, started: await startOf(pid) };
  await writeFile(draft, JSON.stringify(owner));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Undefined when the lock was released meanwhile. */
async function readOwner(path: string): Promise<Owner | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Owner);
}

/** Of another machine that shares the folder nothing can be known: its lock counts as held. */
async function isAlive(owner: Owner): Promise<boolean> {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return owner.started === (await startOf(owner.pid));
}

/** The start time of a process in clock ticks since boot: field 22, counted after the name in parentheses. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
