import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installFolder } from './install.ts';

let folder: string;
let target: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-install-'));
  target = join(folder, 'tool', '1.0.0');
});
afterEach(() => rm(folder, { recursive: true }));

test('the folder appears only when it is complete', async () => {
  await installFolder(target, async (partial) => {
    await writeFile(join(partial, 'binary'), 'v1');
    expect(existsSync(target)).toBe(false);
  });
  expect(await readFile(join(target, 'binary'), 'utf8')).toBe('v1');
});

test('a failed installation leaves nothing', async () => {
  const failing = installFolder(target, () => Promise.reject(new Error('disk full')));
  await expect(failing).rejects.toThrow('disk full');
  expect(await readdir(join(folder, 'tool'))).toEqual([]);
});

test('what a killed run has left is removed', async () => {
  await mkdir(join(folder, 'tool', '.partial-1.0.0-abc123'), { recursive: true });
  await installFolder(target, async () => {});
  expect(await readdir(join(folder, 'tool'))).toEqual(['1.0.0']);
});

test('what is installed is not installed again', async () => {
  await installFolder(target, async () => {});
  let again = false;
  await installFolder(target, async () => {
    again = true;
  });
  expect(again).toBe(false);
});
