import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isDead } from './state-locks.ts';

/** A new file for an update plan, named after the process that it is for. Plans hold the inputs of resources. */
export function newPlanFile(folder: string): string {
  return join(folder, `plan.${process.pid}.${hostname()}.${randomUUID()}.json`);
}

/** Removes the plans of this process, and those that processes which were killed left behind. */
export async function removePlans(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const done = names.filter((name) => {
    const [, pid, host] = /^plan\.(\d+)\.(.+)\.[^.]+\.json$/.exec(name) ?? [];
    if (pid === undefined || host === undefined) return false;
    return Number(pid) === process.pid || isDead({ pid: Number(pid), hostname: host });
  });
  // What cannot be removed now is removed by the next run.
  await Promise.allSettled(done.map((name) => rm(join(folder, name), { force: true })));
}
