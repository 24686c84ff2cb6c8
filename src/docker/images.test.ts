import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deliverImages, type NodeImage } from './images.ts';
import { type Answer, answer, refusal, type Script, startEngine } from './scripted-engine.ts';

const id = `sha256:${'a'.repeat(64)}`;
const other = `sha256:${'b'.repeat(64)}`;

let folder: string;
let saved: number;
let image: NodeImage;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-'));
  const file = join(folder, 'image.tar');
  await writeFile(file, Buffer.alloc(10_000));
  saved = 0;
  const archive = async () => {
    saved += 1;
    const ids = { classic: id, containerd: undefined };
    return { bytes: 10_000, ids, read: () => createReadStream(file) };
  };
  image = { name: 'registry:5000/team/app:1', id, archive };
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const lines = (...messages: object[]): Answer => ({
  status: 200,
  body: Buffer.from(messages.map((message) => `${JSON.stringify(message)}\n`).join('')),
});

/** An engine that has some images, and takes those that are loaded into it. */
function nodeWith(ids: string[], change: Script = {}): Script {
  return {
    '/images/json': () => answer(ids.map((Id) => ({ Id }))),
    '/images/load': () => lines({ stream: 'Loaded image' }),
    [`/images/${id}/json`]: () => answer({ Id: id }),
    [`/images/${id}/tag`]: () => ({ status: 201, body: {} }),
    ...change,
  };
}

async function deliver(endpoints: string[], signal = new AbortController().signal) {
  const told: string[] = [];
  const delivery = await deliverImages(endpoints, [image], { signal, onProgress: (text) => told.push(text) });
  return { ...delivery, told };
}

test('nodes that have the image get nothing, the others load it whole and name it', async () => {
  const having = await startEngine(nodeWith([id, other]));
  const lacking = await startEngine(nodeWith([other]));
  const { loaded, unreached, told } = await deliver([having.endpoint, lacking.endpoint]);
  expect({ loaded, unreached, saved }).toEqual({ loaded: 1, unreached: [], saved: 1 });
  expect(having.requests).toEqual(['/images/json']);
  expect(lacking.requests).toEqual([
    '/images/json',
    '/images/load',
    `/images/${id}/json`,
    `/images/${id}/tag`,
  ]);
  expect(told.at(-1)).toBe('images on 2/2 nodes, 1 of 1 MB');
});

test('where all have it nothing is saved and nothing told', async () => {
  const nodes = await Promise.all([startEngine(nodeWith([id])), startEngine(nodeWith([id]))]);
  const { loaded, told } = await deliver(nodes.map(({ endpoint }) => endpoint));
  expect({ loaded, told, saved }).toEqual({ loaded: 0, told: [], saved: 0 });
});

test('a node that does not answer is named, and the others get the image', async () => {
  const down = await startEngine({});
  down.stop();
  const lacking = await startEngine(nodeWith([]));
  expect(await deliver([down.endpoint, lacking.endpoint])).toMatchObject({
    loaded: 1,
    unreached: [down.endpoint],
  });
});

test('an engine without room says so after a status of 200', async () => {
  const full = await startEngine(
    nodeWith([], { '/images/load': () => lines({ stream: '1%' }, { error: 'no space left on device' }) }),
  );
  await expect(deliver([full.endpoint])).rejects.toMatchObject({
    code: 'docker',
    message: expect.stringContaining('failed: no space left on device'),
  });
});

test('an engine that gives the image another ID cannot run the service', async () => {
  const odd = await startEngine(
    nodeWith([], { [`/images/${id}/json`]: () => refusal(404, 'no such image') }),
  );
  await expect(deliver([odd.endpoint])).rejects.toMatchObject({ code: 'image-missing' });
});

test('an image that has no name but its ID is not named', async () => {
  const lacking = await startEngine(nodeWith([]));
  image = { ...image, name: id };
  await deliver([lacking.endpoint]);
  expect(lacking.requests).not.toContain(`/images/${id}/tag`);
});

test('an interruption stops a load in its middle', async () => {
  const interruption = new AbortController();
  const slow = await startEngine(
    nodeWith([], {
      '/images/load': () => {
        interruption.abort();
        return new Promise<Answer>(() => {});
      },
    }),
  );
  await expect(deliver([slow.endpoint], interruption.signal)).rejects.toMatchObject({ code: 'interrupted' });
});
