import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadCompose } from './load.ts';
import { renderStack } from './stack.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** The stack `shop` of one service with these lines, with paths relative to the test's folder. */
async function render(lines: string) {
  const file = join(folder, 'compose.yaml');
  await writeFile(file, `version: "3.12"\nservices:\n  web:\n${lines}\n`);
  const compose = await loadCompose([file], { env: {}, cluster: 'eu', region: 'eu-west-1' });
  const stack = renderStack(compose, { stack: 'shop' });
  const shown = JSON.parse(JSON.stringify(stack.builds).replaceAll(folder, '.').replaceAll('../', ''));
  return { stack, builds: shown };
}

const plain = { args: {}, labels: {}, cacheFrom: [], extraHosts: [] };

test('a folder is enough, and the image is named after the service', async () => {
  const { stack, builds } = await render('    build: ./app');
  const position = expect.stringMatching(/compose\.yaml:4:5$/);
  expect(builds).toEqual([{ ...plain, service: 'shop_web', image: 'shop_web', context: './app', position }]);
  expect(stack.services).toMatchObject([
    {
      Labels: { 'com.docker.stack.image': 'shop_web' },
      TaskTemplate: { ContainerSpec: { Image: 'shop_web' } },
    },
  ]);
});

test('everything that the client keeps is read', async () => {
  const { builds } = await render(`    image: web:1
    build:
      context: app
      dockerfile: sub/Dockerfile
      args: [LEVEL=2, TOKEN]
      labels: { team: shop }
      target: final
      network: host
      cache_from: [web:0]
      extra_hosts: ["db:10.0.0.1"]`);
  expect(builds).toEqual([
    {
      service: 'shop_web',
      image: 'web:1',
      context: './app',
      dockerfile: './app/sub/Dockerfile',
      position: expect.any(String),
      args: { LEVEL: '2', TOKEN: null },
      labels: { team: 'shop' },
      target: 'final',
      network: 'host',
      cacheFrom: ['web:0'],
      extraHosts: ['db:10.0.0.1'],
    },
  ]);
});

test.each(['https://git.example/app.git', 'git@git.example:app.git', 'github.com/example/app'])(
  'the context %s is no folder',
  async (context) => {
    const { builds } = await render(`    build: { context: "${context}", dockerfile: Dockerfile.web }`);
    expect(builds[0]).toMatchObject({ context, dockerfile: 'Dockerfile.web' });
  },
);

test.each(['shm_size: 64m', 'isolation: default'])(
  'there is a note on what the client drops: %s',
  async (line) => {
    const file = join(folder, 'compose.yaml');
    await writeFile(file, `services:\n  web:\n    image: a:1\n    build:\n      context: .\n      ${line}\n`);
    const { notes } = await loadCompose([file], { env: {}, cluster: 'eu', region: 'eu-west-1' });
    expect(notes).toEqual([expect.stringMatching(/6:7: Ignoring `build\./)]);
  },
);
