import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Owner, withLock } from './lock.ts';

let folder: string;
let path: string;
const options = { deadlineMs: 10_000 };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-lock-'));
  path = join(folder, 'locks', 'tool.lock');
});
afterEach(() => rm(folder, { recursive: true }));

test('one at a time', async () => {
  let inside = 0;
  let most = 0;
  const visit = () =>
    withLock(path, options, async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    });
  await Promise.all([visit(), visit(), visit()]);
  expect(most).toBe(1);
});

test('gives the result of the action and leaves nothing behind', async () => {
  expect(await withLock(path, options, async () => 'built')).toBe('built');
  expect(readdirSync(join(folder, 'locks'))).toEqual([]);
});

test('is released when the action fails', async () => {
  const failing = withLock(path, options, () => Promise.reject(new Error('no compiler')));
  await expect(failing).rejects.toThrow('no compiler');
  expect(existsSync(path)).toBe(false);
});

test('is taken over from a process that has ended, which is told', async () => {
  const ended = execa('true');
  const owner = { host: hostname(), pid: ended.pid, since: '2026-11-21T10:00:00.000Z', started: '1' };
  await ended;
  await withLock(path, options, async () => {});
  await writeFile(path, JSON.stringify(owner));
  // At the first try, as a run that does not wait needs it.
  const told: Owner[] = [];
  const taking = { deadlineMs: 0, onTakeOver: (dead: Owner) => told.push(dead) };
  expect(await withLock(path, taking, async () => 'taken')).toBe('taken');
  expect(told).toEqual([owner]);
});

test('is taken over when its process id now belongs to another process', async () => {
  await withLock(path, options, async () => {});
  await writeFile(
    path,
    JSON.stringify({ host: hostname(), pid: process.pid, started: 'before the last reboot' }),
  );
  expect(await withLock(path, options, async () => 'taken')).toBe('taken');
});

test('the wait ends with an error that names the holder', async () => {
  const waits: number[] = [];
  const second = () =>
    withLock(path, { deadlineMs: 300, onWait: (pid) => waits.push(pid) }, () => Promise.resolve('never'));
  const failure = await withLock(path, options, () => second().catch((error: unknown) => error));
  expect(failure).toMatchObject({
    code: 'timeout',
    message: expect.stringContaining(path),
    details: [expect.stringMatching(`held by process ${process.pid} on .*, since 20..-`)],
  });
  expect(waits).toEqual([process.pid]);
});
