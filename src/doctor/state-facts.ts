import { access, constants, readdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isDead, lockHolders } from '../engine/state-locks.ts';
import type { Fleet } from '../fleet/model.ts';
import { stateFolder } from '../pipeline/fleet-state.ts';
import { lockOwner } from '../toolchain/lock.ts';
import type { LockFacts, StateFacts } from './facts.ts';

/** Undefined before the first run has made the folder. */
export async function collectState(folder: string): Promise<StateFacts | undefined> {
  const about = await stat(folder).catch(() => undefined);
  if (!about) return undefined;
  const passphrase = await stat(join(folder, 'passphrase')).catch(() => undefined);
  const isWritable = await access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  const changedAt = Math.max(
    about.mtimeMs,
    ...(await changesIn(join(folder, 'locks'))),
    ...(await changesIn(join(folder, 'state'))),
  );
  const permissions = 0o777;
  return {
    folder,
    isWritable,
    mode: about.mode & permissions,
    ...(passphrase && { passphraseMode: passphrase.mode & permissions }),
    changedAt,
  };
}

async function changesIn(folder: string): Promise<number[]> {
  const about = await stat(folder).catch(() => undefined);
  return about ? [about.mtimeMs] : [];
}

/** The locks of the cache directory and of the fleet's state, with who holds them. */
export async function collectLocks(cache: string, fleet: Fleet | undefined): Promise<LockFacts[]> {
  const folders = [join(cache, 'locks'), ...(fleet ? [join(stateFolder(fleet), 'locks')] : [])];
  const [own, pulumis] = await Promise.all([
    Promise.all(folders.map(locksIn)),
    fleet ? pulumiLocks(fleet) : [],
  ]);
  return [...own.flat(), ...pulumis];
}

async function locksIn(folder: string): Promise<LockFacts[]> {
  const paths = (await readdir(folder).catch(() => [])).map((name) => join(folder, name));
  const locks = await Promise.all(
    paths.map(async (path): Promise<LockFacts[]> => {
      const owner = await lockOwner(path);
      if (!owner) return [];
      const holder = owner.host !== hostname() ? 'elsewhere' : owner.isAlive ? 'alive' : 'ended';
      return [{ path, host: owner.host, pid: owner.pid, holder }];
    }),
  );
  return locks.flat();
}

/** Pulumi's own locks of the fleet's stacks, where the state is in files. */
async function pulumiLocks(fleet: Fleet): Promise<LockFacts[]> {
  const state = join(stateFolder(fleet), 'state');
  const folder = join(state, '.pulumi', 'locks', 'organization', fleet.name);
  const stacks = await readdir(folder).catch(() => []);
  const locks = await Promise.all(
    stacks.map(async (stack) => {
      const holders = await lockHolders(`file://${state}`, fleet.name, stack);
      return holders.map((held): LockFacts => {
        const holder = held.hostname !== hostname() ? 'elsewhere' : isDead(held) ? 'ended' : 'alive';
        return { path: join(folder, stack), host: held.hostname, pid: held.pid, holder };
      });
    }),
  );
  return locks.flat();
}
