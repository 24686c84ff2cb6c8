import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { damagedFiles, removeBrokenLocks } from './state-files.ts';

let folder: string;
let stacks: string;
let locks: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-state-'));
  stacks = join(folder, '.pulumi', 'stacks', 'shop');
  locks = join(folder, '.pulumi', 'locks', 'organization', 'shop', 'one');
  for (const each of [stacks, locks]) await mkdir(each, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

test('the stacks whose files are cut off are named', async () => {
  await writeFile(join(stacks, 'one.json'), '{"version":3,"check');
  await writeFile(join(stacks, 'two.json'), '{"version":3}');
  await writeFile(join(stacks, 'one.json.bak'), '');
  expect(await damagedFiles(`file://${folder}`, 'shop')).toEqual([join(stacks, 'one.json')]);
});

test('locks that are cut off are removed, and no others', async () => {
  await writeFile(join(locks, 'a.json'), '{"pid":1}');
  await writeFile(join(locks, 'a.json.attrs'), 'no matter');
  await writeFile(join(locks, 'b.json.18ea.tmp'), '');
  expect(await removeBrokenLocks(`file://${folder}`, 'shop', 'one')).toBe(1);
  expect((await readdir(locks)).sort()).toEqual(['a.json', 'a.json.attrs']);
});

test('of a backend that is no folder nothing is known', async () => {
  expect(await damagedFiles('s3://states', 'shop')).toEqual([]);
  expect(await removeBrokenLocks('s3://states', 'shop', 'one')).toBe(0);
});
