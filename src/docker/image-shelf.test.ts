import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { openEngine } from './engine.ts';
import { openImageShelf } from './image-shelf.ts';
import { answer, startEngine } from './scripted-engine.ts';

const id = `sha256:${'a'.repeat(64)}`;
const config = 'c'.repeat(64);
const manifest = `sha256:${'f'.repeat(64)}`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** An archive of an image; engines before 25 write no index, and name the configuration otherwise. */
async function archiveOf(engine: 'new' | 'old'): Promise<Buffer> {
  const files = join(folder, 'files');
  await mkdir(files);
  const Config = engine === 'new' ? `blobs/sha256/${config}` : `${config}.json`;
  await writeFile(join(files, 'manifest.json'), JSON.stringify([{ Config, RepoTags: null }]));
  if (engine === 'new')
    await writeFile(join(files, 'index.json'), JSON.stringify({ manifests: [{ digest: manifest }] }));
  const names = engine === 'new' ? ['manifest.json', 'index.json'] : ['manifest.json'];
  await execa('tar', ['-cf', join(folder, 'image.tar'), ...names], { cwd: files });
  return readFile(join(folder, 'image.tar'));
}

/** The images of an engine that has one, and how often that was saved. */
async function shelfOf(store: 'classic' | 'containerd', engine: 'new' | 'old' = 'new') {
  const archive = await archiveOf(engine);
  const driver = store === 'containerd' ? [['driver-type', 'io.containerd.snapshotter.v1']] : [];
  const { endpoint, requests } = await startEngine({
    '/info': () => answer({ DriverStatus: driver }),
    [`/images/${id}/get`]: () => answer(archive),
  });
  const source = openEngine(endpoint);
  onTestFinished(() => source.close());
  const saved = () => requests.filter((path) => path.endsWith('/get')).length;
  return { source, saved, archive };
}

test('between classic stores an image has one ID, and nothing is saved to know it', async () => {
  const { source, saved } = await shelfOf('classic');
  expect(await openImageShelf(source).idIn('classic', id)).toBe(id);
  expect(saved()).toBe(0);
});

test.each([
  ['classic', 'containerd', manifest],
  ['containerd', 'classic', `sha256:${config}`],
  ['containerd', 'containerd', manifest],
] as const)('from %s to %s the archive tells the ID', async (from, to, expected) => {
  const { source } = await shelfOf(from);
  expect(await openImageShelf(source).idIn(to, id)).toBe(expected);
});

test('an engine that writes no index cannot tell what containerd would say', async () => {
  const { source } = await shelfOf('classic', 'old');
  const shelf = openImageShelf(source);
  expect(await shelf.idIn('containerd', id)).toBeUndefined();
  expect((await shelf.archive(id)).ids.classic).toBe(`sha256:${config}`);
});

test('an image is saved once, and read whole as often as it is wanted', async () => {
  const { source, saved, archive } = await shelfOf('classic');
  const shelf = openImageShelf(source);
  await shelf.idIn('containerd', id);
  const { bytes, read } = await shelf.archive(id);
  const reading = [read(), read()].map(async (stream) => Buffer.concat(await stream.toArray()));
  for (const content of await Promise.all(reading)) expect(content.equals(archive)).toBe(true);
  expect([bytes, saved()]).toEqual([archive.length, 1]);
});

test('the next run knows the ID without saving the image', async () => {
  const { source, saved } = await shelfOf('classic');
  const memory = join(folder, 'memory');
  await openImageShelf(source, memory).idIn('containerd', id);
  expect(await openImageShelf(source, memory).idIn('containerd', id)).toBe(manifest);
  expect(saved()).toBe(1);
});
