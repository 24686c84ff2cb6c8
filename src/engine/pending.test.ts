import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pendingOperations } from './pending.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-state-'));
  file = join(folder, '.pulumi', 'stacks', 'shop', 'eu-west-1.json');
  await mkdir(join(file, '..'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const pendingOf = () => pendingOperations(`file://${folder}`, 'shop', 'eu-west-1');

test('what a killed run had begun is in the checkpoint', async () => {
  const urn = 'urn:pulumi:eu-west-1::shop::docker:index/container:Container::shop-eu-west-1-manager-1';
  const pending_operations = [{ type: 'creating', resource: { urn } }];
  await writeFile(file, JSON.stringify({ version: 3, checkpoint: { latest: { pending_operations } } }));
  expect(await pendingOf()).toEqual([
    { operation: 'creating', resource: 'Container shop-eu-west-1-manager-1' },
  ]);
});

test.each([
  ['ended in an orderly way', '{"version":3,"checkpoint":{"latest":{"resources":[]}}}'],
  ['holds nothing yet', '{"version":3,"checkpoint":{}}'],
  ['is cut off', '{"version":3,"checkpo'],
])('nothing is pending in a state that %s', async (_, text) => {
  await writeFile(file, text);
  expect(await pendingOf()).toEqual([]);
});

test('nothing is known of a stack that is not there, and of another backend', async () => {
  expect(await pendingOf()).toEqual([]);
  expect(await pendingOperations('s3://states', 'shop', 'eu-west-1')).toEqual([]);
});
