import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { damagedFiles, readSnapshots, removeBrokenLocks } from './state-files.ts';

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

test('the stacks are read with what they hold, without backups', async () => {
  await writeFile(join(stacks, 'one.json'), '{"version":3,"checkpoint":{"latest":{"resources":[{}]}}}');
  await writeFile(join(stacks, 'two.json'), '{"version":3,"checkpoint":{}}');
  for (const name of ['one.json.bak', 'one.json.attrs']) await writeFile(join(stacks, name), 'no matter');
  const found = await readSnapshots(`file://${folder}`, 'shop');
  expect(found).toEqual(
    new Map([
      ['one', { resources: [{}] }],
      ['two', {}],
    ]),
  );
});

test.each([
  ['is cut off', 'one.json', '{"version":3,"check'],
  ['is of another version', 'one.json', '{"version":4,"checkpoint":{}}'],
  ['is compressed', 'one.json.gz', ''],
])('Pulumi is asked where a file %s', async (_, name, text) => {
  await writeFile(join(stacks, name), text);
  expect(await readSnapshots(`file://${folder}`, 'shop')).toBeUndefined();
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
  expect(await readSnapshots('s3://states', 'shop')).toBeUndefined();
  expect(await removeBrokenLocks('s3://states', 'shop', 'one')).toBe(0);
});
