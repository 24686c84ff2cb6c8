import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleBench } from '../report/sample-bench.ts';
import { checkBaselineName, readBaseline, readHistory, saveBaseline, saveResult } from './store.ts';

let directory: string;
let folder: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'swarmctl-store-'));
  folder = join(directory, '.swarmctl', 'bench');
});

afterEach(() => rm(directory, { recursive: true }));

const idOf = (index: number) => `2026-11-21T16-00-${String(index).padStart(2, '0')}Z-ab12`;

test('where nothing was measured there is no history', async () => {
  expect(await readHistory(folder)).toEqual([]);
});

test('the history has the last 30 results, the oldest first, and nothing unfinished', async () => {
  for (let index = 0; index < 33; index++) await saveResult(folder, sampleBench({ id: idOf(index) }));
  const ids = (await readHistory(folder)).map(({ id }) => id);
  expect(ids).toEqual(Array.from({ length: 30 }, (_, index) => idOf(index + 3)));
  expect(await readdir(join(folder, 'history'))).toHaveLength(30);
});

test('what cannot be read in the history is passed over', async () => {
  await saveResult(folder, sampleBench({ id: idOf(1) }));
  await writeFile(join(folder, 'history', `${idOf(0)}.json`), '{"version":1,"id"');
  await writeFile(join(folder, 'history', `${idOf(2)}.json`), '{"version":2}');
  expect((await readHistory(folder)).map(({ id }) => id)).toEqual([idOf(1)]);
});

test('a baseline is kept by its name, and is replaced', async () => {
  expect(await saveBaseline(folder, true, sampleBench({ id: 'one' }))).toBe('default');
  expect(await saveBaseline(folder, 'v1.2', sampleBench({ id: 'two' }))).toBe('v1.2');
  await saveBaseline(folder, true, sampleBench({ id: 'three' }));
  expect((await readBaseline(folder, true, directory)).id).toBe('three');
  expect((await readBaseline(folder, 'v1.2', directory)).id).toBe('two');
});

test('a baseline is in a file, too', async () => {
  await writeFile(join(directory, 'base.json'), JSON.stringify({ result: sampleBench() }));
  expect(await readBaseline(folder, 'base.json', directory)).toEqual(sampleBench());
  expect(await readBaseline(folder, join(directory, 'base.json'), '/')).toEqual(sampleBench());
});

test('one that is not there is told, with those that are', async () => {
  await expect(readBaseline(folder, true, directory)).rejects.toMatchObject({
    code: 'usage',
    message: '--baseline: baseline "default" is not there.',
    hint: 'Save one with `swarmctl bench --save-baseline`.',
  });
  await saveBaseline(folder, 'v1', sampleBench());
  await expect(readBaseline(folder, 'v2', directory)).rejects.toMatchObject({
    message: '--baseline: baseline "v2" is not there.',
    hint: 'There are: v1. Save one with `swarmctl bench --save-baseline`.',
  });
  await expect(readBaseline(folder, './v1', directory)).rejects.toMatchObject({
    message: '--baseline: ./v1 is not there.',
  });
});

test('one that is a folder or cut off cannot be read', async () => {
  await mkdir(join(directory, 'folder.json'));
  await expect(readBaseline(folder, 'folder.json', directory)).rejects.toMatchObject({
    message: '--baseline: folder.json cannot be read: EISDIR.',
  });
  await writeFile(join(directory, 'cut.json'), '{"version":1,');
  await expect(readBaseline(folder, 'cut.json', directory)).rejects.toMatchObject({ code: 'baseline' });
});

test.each(['../escape', '', '.hidden', 'a b', 'x'.repeat(64)])('%j is no name of a baseline', (name) => {
  expect(() => checkBaselineName(name)).toThrow('cannot be the name of a baseline');
});
