import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeHolder, isDead, type LockHolder, lockHolders } from './state-locks.ts';

let folder: string;
let locks: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl state-'));
  locks = join(folder, '.pulumi', 'locks', 'organization', 'shop', 'eu-west-1');
  await mkdir(locks, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const holder: LockHolder = {
  pid: process.pid,
  username: 'ann',
  hostname: hostname(),
  timestamp: '2026-11-21T10:00:00Z',
};

function holdersOf(stack: string): Promise<LockHolder[]> {
  return lockHolders(`file://${folder}`, 'shop', stack);
}

test('whoever holds the lock of a stack is found, and of no other stack', async () => {
  await writeFile(join(locks, 'one.json'), JSON.stringify(holder));
  // The backend keeps the attributes of each of its files beside it.
  await writeFile(join(locks, 'one.json.attrs'), '{}');
  expect(await holdersOf('eu-west-1')).toEqual([holder]);
  expect(await holdersOf('us-east-1')).toEqual([]);
});

test('a lock that is released while it is looked at has no holder', async () => {
  await writeFile(join(locks, 'one.json'), JSON.stringify(holder));
  await symlink(join(locks, 'released.json'), join(locks, 'two.json'));
  expect(await holdersOf('eu-west-1')).toEqual([holder]);
});

test('of a backend that is not a folder nothing is known', async () => {
  expect(await lockHolders('s3://states', 'shop', 'eu-west-1')).toEqual([]);
});

test('a holder whose process has ended is dead', async () => {
  const ended = execa('true');
  const { pid = 0 } = ended;
  await ended;
  expect(isDead({ ...holder, pid })).toBe(true);
  expect(isDead(holder)).toBe(false);
});

test('a holder on another machine is not', () => {
  expect(isDead({ ...holder, pid: 2 ** 30, hostname: `not-${hostname()}` })).toBe(false);
});

test('a holder is told of with what is needed to find it', () => {
  expect(describeHolder({ ...holder, pid: 4711, hostname: 'web-1' })).toBe(
    'process 4711 of ann on host web-1, since 2026-11-21T10:00:00Z',
  );
});
