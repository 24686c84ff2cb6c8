import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './lock.ts';

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

test('is taken over from a process that has ended', async () => {
  const ended = execa('true');
  const owner = { host: hostname(), pid: ended.pid, started: '1' };
  await ended;
  await withLock(path, options, async () => {});
  await writeFile(path, JSON.stringify(owner));
  // At the first try, as a run that does not wait needs it.
  expect(await withLock(path, { deadlineMs: 0 }, async () => 'taken')).toBe('taken');
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
    details: [expect.stringContaining(`held by process ${process.pid}`)],
  });
  expect(waits).toEqual([process.pid]);
});
