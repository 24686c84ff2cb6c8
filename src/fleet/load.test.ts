import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { fixtureFolder } from './fixture-folder.ts';
import { type LoadOptions, loadFleet } from './load.ts';

const minimal = 'fleet: shop\nclusters:\n  us-east-1:\n';

function load(directory: string, options: Partial<LoadOptions> = {}) {
  return loadFleet({ directory, env: {}, isTerminal: true, ...options });
}

test('a file with every key', async () => {
  const directory = await fixtureFolder({
    'compose.yaml': '',
    'more/extra.yaml': '',
    'swarmctl.yaml': `
fleet: shop
target: local
engine: 27
state: s3://state-of-the-shop
defaults: { managers: 5, workers: 1, limits: { cpus: 1.5, memory: 512M } }
clusters:
  us-east-1: {}
  green: { region: eu-west-1, managers: 1, workers: 0, drain-managers: true, autolock: true, labels: { disk: ssd }, limits: { memory: 0.5G }, overrides: more/extra.yaml }
apps: [compose.yaml, more/extra.yaml]
bench: { budget: { p99: 1.5s } }
drift:
  ignore:
    - { match: Service shop_web spec.Mode.*, reason: scaled by hand, until: 2026-12-31 }
notify: { slack: { env: SLACK }, webhook: { url: { file: hook.url }, secret: { env: KEY } }, on: drift }
`,
  });
  expect(await load(directory)).toEqual({
    name: 'shop',
    target: 'local',
    file: join(directory, 'swarmctl.yaml'),
    directory,
    engine: '27',
    state: 's3://state-of-the-shop',
    clusters: [
      {
        name: 'us-east-1',
        region: 'us-east-1',
        managers: 5,
        workers: 1,
        drainManagers: false,
        autolock: false,
        overrides: [],
        labels: {},
        env: {},
        limits: { cpus: 1.5, memoryBytes: 536_870_912 },
      },
      {
        name: 'green',
        region: 'eu-west-1',
        managers: 1,
        workers: 0,
        drainManagers: true,
        autolock: true,
        overrides: [join(directory, 'more/extra.yaml')],
        labels: { disk: 'ssd' },
        env: {},
        limits: { cpus: 1.5, memoryBytes: 536_870_912 },
      },
    ],
    apps: [join(directory, 'compose.yaml'), join(directory, 'more/extra.yaml')],
    bench: { budget: { p99: 1_500_000, paths: {}, pairs: [] } },
    ignore: [{ match: 'Service shop_web spec.Mode.*', reason: 'scaled by hand', until: '2026-12-31' }],
    secrets: [],
    configs: [],
    keep: 3,
    notify: {
      slack: { env: 'SLACK' },
      webhook: { url: { file: join(directory, 'hook.url') }, secret: { env: 'KEY' } },
      on: ['drift'],
    },
  });
});

test('a file with only what it needs', async () => {
  const directory = await fixtureFolder({ 'swarmctl.yml': minimal });
  expect(await load(directory)).toEqual({
    name: 'shop',
    target: 'local',
    file: join(directory, 'swarmctl.yml'),
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
    ],
    apps: [],
    bench: { budget: { paths: {}, pairs: [] } },
    secrets: [],
    configs: [],
    keep: 3,
  });
});

test.each([
  ['CRLF', minimal.replaceAll('\n', '\r\n')],
  ['a byte order mark', `\uFEFF${minimal}`],
  ['both', `\uFEFF${minimal.replaceAll('\n', '\r\n')}`],
  ['comments and a document start', `# ours\n---\n${minimal}`],
])('a file with %s', async (_, text) => {
  const fleet = await load(await fixtureFolder({ 'swarmctl.yaml': text }));
  expect(fleet.name).toBe('shop');
  expect(fleet.clusters.map(({ name }) => name)).toEqual(['us-east-1']);
});

test('variables are taken as they are written, behind an alias too', async () => {
  const env = '{ TEXT: "01", VERSION: 1.10, ZIP: 01234, SWITCH: true, YES: yes, EMPTY: "" }';
  const text = `fleet: shop\nclusters:\n  a: { env: &env ${env} }\n  b: { env: *env }\n`;
  const { clusters } = await load(await fixtureFolder({ 'swarmctl.yaml': text }));
  const expected = { TEXT: '01', VERSION: '1.10', ZIP: '01234', SWITCH: 'true', YES: 'yes', EMPTY: '' };
  expect(clusters.map((cluster) => cluster.env)).toEqual([expected, expected]);
});

test('all but success is told where nothing else is said', async () => {
  const text = `${minimal}notify: { slack: { env: SLACK } }\n`;
  const { notify } = await load(await fixtureFolder({ 'swarmctl.yaml': text }));
  expect(notify?.on).toEqual(['failure', 'drift', 'recovered']);
});

test('64 clusters', async () => {
  const names = Array.from({ length: 64 }, (_, index) => `c${index}`);
  const text = `fleet: shop\nclusters: { ${names.join(', ')} }\n`;
  const { clusters } = await load(await fixtureFolder({ 'swarmctl.yaml': text }));
  expect(clusters.map(({ name }) => name)).toEqual(names);
});

test('one app may stand without a list', async () => {
  const directory = await fixtureFolder({ 'swarmctl.yaml': `${minimal}apps: a.yaml\n`, 'a.yaml': '' });
  expect((await load(directory)).apps).toEqual([join(directory, 'a.yaml')]);
});

test('--file beats SWARMCTL_FILE, which beats the folder', async () => {
  const directory = await fixtureFolder({
    'swarmctl.yaml': minimal,
    'by-env.yaml': minimal.replace('shop', 'by-env'),
    'sub/by-flag.yaml': `${minimal.replace('shop', 'by-flag')}apps: app.yaml\n`,
    'sub/app.yaml': '',
  });
  const env = { SWARMCTL_FILE: 'by-env.yaml' };
  expect((await load(directory)).name).toBe('shop');
  expect((await load(directory, { env: { SWARMCTL_FILE: '' } })).name).toBe('shop');
  expect((await load(directory, { env })).name).toBe('by-env');
  const fleet = await load(directory, { env, file: 'sub/by-flag.yaml' });
  expect(fleet.name).toBe('by-flag');
  expect(fleet.directory).toBe(join(directory, 'sub'));
  expect(fleet.apps).toEqual([join(directory, 'sub/app.yaml')]);
});

test('without a file, regions make a local fleet with the example app', async () => {
  const directory = await fixtureFolder({});
  const expected = {
    name: 'local',
    target: 'local',
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
        env: {},
      },
    ],
    apps: [join(packageRoot, 'examples/hello/compose.yaml')],
    bench: { budget: { paths: {}, pairs: [] } },
    secrets: [],
    configs: [],
    keep: 3,
  };
  const regions = ['us-east-1', 'eu-west-1'];
  const env = { SWARMCTL_REGIONS: 'us-east-1, eu-west-1', SWARMCTL_TARGET: 'local' };
  expect(await load(directory, { regions })).toEqual(expected);
  expect(await load(directory, { regions, target: 'local', isTerminal: false })).toEqual(expected);
  expect(await load(directory, { env, isTerminal: false })).toEqual(expected);
});

test('without a file and without a terminal, a local fleet has to be asked for', async () => {
  const directory = await fixtureFolder({});
  await expect(load(directory, { regions: ['us-east-1'], isTerminal: false })).rejects.toMatchObject({
    code: 'usage',
    message: `there is no swarmctl.yaml in ${directory}, and without a terminal a local fleet is made only when asked for`,
    hint: 'Add --target local (or SWARMCTL_TARGET=local), or give the path of the fleet file with --file.',
  });
});

test('neither a file nor regions', async () => {
  const directory = await fixtureFolder({});
  await expect(load(directory, { target: 'local' })).rejects.toMatchObject({
    code: 'usage',
    message: `there is no swarmctl.yaml in ${directory}`,
    hint: 'Write one with `swarmctl init`, give its path with --file, or name regions for a local fleet: --regions us-east-1,eu-west-1',
  });
});

const nameRule = 'a name of lower-case letters, digits and inner hyphens, 40 at most';
const regionsTable: [Partial<LoadOptions>, string, string][] = [
  [
    { regions: ['a', '', 'b'] },
    '--regions has an empty name: "a,,b"',
    'Separate the names by single commas: --regions us-east-1,eu-west-1',
  ],
  [
    { env: { SWARMCTL_REGIONS: 'a,' } },
    'SWARMCTL_REGIONS has an empty name: "a,"',
    'Separate the names by single commas: SWARMCTL_REGIONS=us-east-1,eu-west-1',
  ],
  [
    { regions: ['a', 'b', 'a'] },
    '--regions names "a" twice',
    'Name each region once; several clusters in one region need a swarmctl.yaml.',
  ],
  ...['../x', 'a/b', '-a', 'a-', 'US-EAST-1', 'a b', 'a'.repeat(41), '__proto__'].map(
    (name): [Partial<LoadOptions>, string, string] => [
      { regions: [name] },
      `--regions: expected ${nameRule}, found "${name}"`,
      'Name the regions like this: us-east-1,eu-west-1',
    ],
  ),
  [
    { regions: Array.from({ length: 65 }, (_, index) => `c${index}`) },
    '--regions: expected 1 to 64 regions, found 65',
    'Split them into several fleets.',
  ],
  [
    { target: 'hosts', regions: ['a'] },
    '--target: the target hosts needs a swarmctl.yaml that names the machines',
    'Write one with `swarmctl init` and give each cluster its `nodes`.',
  ],
  [{ target: 'locl' }, '--target: expected local, hosts or aws, found "locl"', 'Did you mean "local"?'],
  [
    { env: { SWARMCTL_TARGET: 'moon' } },
    'SWARMCTL_TARGET: expected local, hosts or aws, found "moon"',
    'Supported: local, hosts, aws.',
  ],
  [
    { file: 'nowhere.yaml' },
    'there is no fleet file nowhere.yaml',
    'Give --file or SWARMCTL_FILE the path of a fleet file, or write one with `swarmctl init`.',
  ],
];

test.each(regionsTable)('refused flags: %j', async (options, message, hint) => {
  const directory = await fixtureFolder({});
  await expect(load(directory, options)).rejects.toMatchObject({ code: 'usage', message, hint });
});

test('two fleet files in one folder', async () => {
  const directory = await fixtureFolder({ 'swarmctl.yaml': minimal, 'swarmctl.yml': minimal });
  await expect(load(directory)).rejects.toMatchObject({
    code: 'usage',
    message: `${directory} has both swarmctl.yaml and swarmctl.yml`,
    hint: 'Remove one, or say which with --file swarmctl.yaml.',
  });
});

test('a folder in place of a file', async () => {
  const directory = await fixtureFolder({});
  await mkdir(join(directory, 'swarmctl.yaml'));
  await expect(load(directory)).rejects.toMatchObject({
    code: 'config',
    message: 'the fleet file swarmctl.yaml cannot be read: it is a folder',
    hint: 'Give --file or SWARMCTL_FILE the path of a file that this user may read.',
  });
});
