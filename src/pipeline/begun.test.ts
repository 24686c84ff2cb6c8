import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBegun, whileMaking } from './begun.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-begun-'));
});
afterEach(() => rm(folder, { recursive: true }));

const cutOff = () => Promise.reject(new Error('cut off'));

test('what a run sets out to make is known until it is made', async () => {
  const seen = await whileMaking(folder, ['Service web'], () => readBegun(folder));
  expect(seen).toEqual(['Service web']);
  expect(await readdir(folder)).toEqual([]);
});

test('a run that was cut off is remembered, also by the next one that is', async () => {
  await expect(whileMaking(folder, ['Service web'], cutOff)).rejects.toThrow('cut off');
  await expect(whileMaking(folder, ['Service web', 'Service clock'], cutOff)).rejects.toThrow('cut off');
  expect(await readBegun(folder)).toEqual(['Service web', 'Service clock']);
});

test('a note that is cut off itself says nothing', async () => {
  await writeFile(join(folder, 'begun.json'), '["Servi');
  expect(await readBegun(folder)).toEqual([]);
  expect(await readBegun(join(folder, 'none'))).toEqual([]);
});
