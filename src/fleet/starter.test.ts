import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { fixtureFolder } from './fixture-folder.ts';
import { loadFleet } from './load.ts';
import type { Fleet } from './model.ts';
import { starterFile } from './starter.ts';

async function startIn(
  folder: string,
  files: Record<string, string> = {},
  target: Fleet['target'] = 'local',
) {
  const directory = join(await fixtureFolder({}), folder);
  await mkdir(directory);
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const text = await starterFile(directory, target);
  await writeFile(join(directory, 'swarmctl.yaml'), text);
  return { directory, text, fleet: await loadFleet({ directory, env: {}, isTerminal: false }) };
}

test('the starter file loads', async () => {
  const { directory, fleet } = await startIn('shop');
  expect(fleet).toEqual({
    name: 'shop',
    target: 'local',
    file: join(directory, 'swarmctl.yaml'),
    directory,
    engine: '26',
    clusters: [
      {
        name: 'us-east-1',
        region: 'us-east-1',
        managers: 3,
        workers: 0,
        drainManagers: false,
        autolock: false,
        overrides: [],
        labels: {},
        env: {},
      },
      {
        name: 'eu-west-1',
        region: 'eu-west-1',
        managers: 3,
        workers: 0,
        drainManagers: false,
        autolock: false,
        overrides: [],
        labels: {},
        env: { GREETING: 'bonjour' },
      },
    ],
    apps: [],
    bench: { budget: { p99: 150_000, paths: {}, pairs: [] } },
    secrets: [],
    configs: [],
    keep: 3,
  });
});

test('a compose file of the folder becomes the app', async () => {
  const { directory, fleet } = await startIn('shop', { 'docker-compose.yml': '', 'compose.yml': '' });
  expect(fleet.apps).toEqual([join(directory, 'compose.yml')]);
});

test('its commented lines load too', async () => {
  const { directory, text } = await startIn('shop', { 'compose.yaml': '' });
  await writeFile(join(directory, 'swarmctl.yaml'), text.replace(/^( *)# (limits|state|notify):/gm, '$1$2:'));
  const fleet = await loadFleet({ directory, env: {}, isTerminal: false });
  expect(fleet.state).toBe('s3://my-bucket');
  expect(fleet.notify?.slack).toEqual({ env: 'SLACK_WEBHOOK_URL' });
  expect(fleet.clusters[0]?.limits).toEqual({ cpus: 1, memoryBytes: 536_870_912 });
});

test.each(['hosts', 'aws'] as const)(
  'that for %s loads too, and so do its commented lines',
  async (target) => {
    const { directory, text, fleet } = await startIn('shop', { 'compose.yaml': '' }, target);
    expect(fleet).toMatchObject({ target, apps: [join(directory, 'compose.yaml')] });
    expect(fleet.clusters[0]?.managers).toBe(3);
    const all = text.replace(/^( *)# ((?!yaml-)[a-z-]+: .*)$/gm, '$1$2');
    expect(all).not.toMatch(/^ *# (?!yaml-)[a-z-]+:/m);
    await writeFile(join(directory, 'swarmctl.yaml'), all);
    expect((await loadFleet({ directory, env: {}, isTerminal: false })).state).toBe('s3://my-bucket');
  },
);

test('its first line leads editors to the schema', async () => {
  const { directory, text } = await startIn('shop');
  const [, path] = /^# yaml-language-server: \$schema=(.+)\n/.exec(text) ?? [];
  expect(resolve(directory, path ?? '')).toBe(join(packageRoot, 'swarmctl.schema.json'));
});

test.each([
  ['My Shop!', 'my-shop'],
  ['123', '123'],
  ['1e3', '1e3'],
  ['---', 'my-fleet'],
  ['a'.repeat(60), 'a'.repeat(20)],
])('in the folder %j the fleet is named %s', async (folder, name) => {
  expect((await startIn(folder)).fleet.name).toBe(name);
});
