import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { copyServiceImages } from './copy-images.ts';
import { openEngine } from './engine.ts';
import { openImageShelf } from './image-shelf.ts';
import { answer, manager, type Script, startEngine } from './scripted-engine.ts';
import { openSwarm } from './swarm.ts';

const id = `sha256:${'a'.repeat(64)}`;

let folder: string;
let archive: Buffer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-'));
  await writeFile(join(folder, 'manifest.json'), '[]');
  await execa('tar', ['-cf', 'image.tar', 'manifest.json'], { cwd: folder });
  archive = await readFile(join(folder, 'image.tar'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function sourceWith(ids: string[]) {
  const started = await startEngine({
    '/images/json': () => answer(ids.map((Id) => ({ Id }))),
    [`/images/${id}/get`]: () => ({ status: 200, body: archive }),
  });
  const engine = openEngine(started.endpoint);
  onTestFinished(() => engine.close());
  return { ...started, source: { engine, shelf: openImageShelf(engine) } };
}

/** Copies what the services of a swarm run into a node that has nothing yet. */
async function copy(images: string[], sources: Awaited<ReturnType<typeof sourceWith>>[]) {
  const services = images.map((Image, index) => ({
    ID: String(index),
    Spec: { Labels: { 'com.docker.stack.image': 'shop_web' }, TaskTemplate: { ContainerSpec: { Image } } },
  }));
  const leader = await startEngine({ ...manager, '/services': () => answer(services) });
  const script: Script = {
    '/images/json': () => answer([]),
    '/images/load': () => answer({ stream: 'Loaded image' }),
    [`/images/${id}/json`]: () => answer({ Id: id }),
    [`/images/${id}/tag`]: () => answer({}),
  };
  const joining = await startEngine(script);
  const swarm = openSwarm([leader.endpoint]);
  const node = openEngine(joining.endpoint);
  onTestFinished(() => {
    swarm.close();
    node.close();
  });
  const opened = () => sources.map(({ source }) => source);
  return { notFound: await copyServiceImages(swarm, node, opened, () => {}), asked: joining.requests };
}

test('a node gets the images that services name by ID, from the first engine that has them', async () => {
  const [without, first, second] = [await sourceWith([]), await sourceWith([id]), await sourceWith([id])];
  const { notFound, asked } = await copy([id, id, 'nginx:1@sha256:1'], [without, first, second]);
  expect(notFound).toEqual([]);
  expect(asked.filter((path) => path === '/images/load')).toHaveLength(1);
  expect(first.requests).toContain(`/images/${id}/get`);
  expect(second.requests).toEqual([]);
});

test('an image that no engine has is named; one that does not answer has none', async () => {
  const down = await sourceWith([id]);
  down.stop();
  expect(await copy([id], [down, await sourceWith([])])).toMatchObject({ notFound: ['shop_web'] });
});

test('without local images the node is asked nothing', async () => {
  expect(await copy(['nginx:1'], [])).toEqual({ notFound: [], asked: [] });
});
