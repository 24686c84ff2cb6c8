import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadCompose } from './load.ts';
import { recordStackDeploy } from './recorded-deploy.ts';
import { renderStack, type Stack, stackObjects } from './stack.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const hello = join(import.meta.dirname, '../../examples/hello/compose.yaml');
const env = { GREETING: 'bonjour' };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('renderStack', () => {
  test.each([
    ['minimal', [join(fixtures, 'minimal/compose.yaml')]],
    ['everything', [join(fixtures, 'everything/compose.yaml')]],
    ['networks', [join(fixtures, 'networks/compose.yaml')]],
    ['health', [join(fixtures, 'health/compose.yaml')]],
    ['override', [join(fixtures, 'override/compose.yaml'), join(fixtures, 'override/production.yaml')]],
    ['ports', [join(fixtures, 'ports/compose.yaml')]],
    ['restart', [join(fixtures, 'restart/compose.yaml')]],
    ['placement', [join(fixtures, 'placement/compose.yaml')]],
    ['environment', [join(fixtures, 'environment/compose.yaml')]],
    ['the example', [hello]],
  ])('asks for what `docker stack deploy` asks for: %s', async (_, files) => {
    const compose = await loadCompose(files, { env, cluster: 'eu', region: 'eu-west-1' });
    const stack = renderStack(compose, { stack: 'shop' });
    const deployed = await recordStackDeploy(files, { stack: 'shop', folder, env });

    expect(requestsFor(stack)).toEqual({
      networks: deployed.networks.map(said).sort(byName),
      configs: deployed.configs.map(said).sort(byName),
      secrets: deployed.secrets.map(said).sort(byName),
      services: deployed.services.map(said).sort(byName),
    });
  });
});

describe('renderStack of a small app', () => {
  const load = (fixture: string) =>
    loadCompose([join(fixtures, fixture, 'compose.yaml')], { env, cluster: 'eu', region: 'eu-west-1' });

  test('has nothing that the file does not say', async () => {
    expect(renderStack(await load('minimal'), { stack: 'shop' })).toEqual({
      name: 'shop',
      networks: [
        { Name: 'shop_default', Driver: 'overlay', Labels: { 'com.docker.stack.namespace': 'shop' } },
      ],
      externalNetworks: [],
      configs: [],
      secrets: [],
      services: [
        {
          Name: 'shop_web',
          Labels: { 'com.docker.stack.namespace': 'shop', 'com.docker.stack.image': 'nginx:1' },
          TaskTemplate: {
            ContainerSpec: { Image: 'nginx:1', Labels: { 'com.docker.stack.namespace': 'shop' } },
            Networks: [{ Target: 'shop_default', Aliases: ['web'] }],
          },
          Mode: { Replicated: {} },
        },
      ],
      builds: [],
    });
  });

  test('names networks that have to exist', async () => {
    const stack = renderStack(await load('networks'), { stack: 'shop' });
    expect(stack.externalNetworks).toEqual(['company', 'host']);
    expect(stack.networks.map(({ Name }) => Name)).toEqual(['shop_default', 'shop_inner']);
  });

  test('is shown with the contents of configs and without those of secrets', async () => {
    const shown = stackObjects(renderStack(await load('everything'), { stack: 'shop' }));
    expect(shown.configs.map(({ Name, Data }) => [Name, Buffer.from(Data, 'base64').toString()])).toEqual([
      ['fixed-rules', '<h1>Hello</h1>\n'],
      ['shop_page', '<h1>Hello</h1>\n'],
    ]);
    const labels = { 'com.docker.stack.namespace': 'shop' };
    expect(shown.secrets).toEqual([
      { Name: 'fixed-token', Labels: labels },
      { Name: 'shop_password', Labels: labels },
    ]);
  });
});

/** The create requests that a stack stands for, as `docker stack deploy` makes them. */
function requestsFor(stack: Stack) {
  const fileSpecs = (objects: Stack['configs']) =>
    objects.flatMap((object) =>
      object.external
        ? []
        : [{ Name: object.name, Labels: object.labels, Data: object.data.toString('base64') }],
    );
  return {
    networks: stack.networks.map(said).sort(byName),
    configs: fileSpecs(stack.configs),
    secrets: fileSpecs(stack.secrets),
    services: stack.services.map(said),
  };
}

function byName(a: unknown, b: unknown): number {
  return nameOf(a) < nameOf(b) ? -1 : 1;
}

function nameOf(spec: unknown): string {
  return spec instanceof Object && 'Name' in spec ? String(spec.Name) : '';
}

/** Objects that say something by being there. */
const modes = new Set(['Replicated', 'Global', 'ReplicatedJob', 'GlobalJob']);

/** What the user names in these may well be empty. */
const usersOwn = new Set(['Labels', 'Options']);

/** Known only once the config or secret exists. */
const leftOut = new Set(['ConfigID', 'SecretID']);

/** The engine cannot tell 0 from a missing number here; elsewhere, as in `Replicas`, it can. */
const zeroIsUnset = new Set(['MaxFailureRatio', 'ForceUpdate']);

/** A spec without its empty fields: the docker client writes some, and the engine takes them for missing. */
function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  if (!(value instanceof Object)) return value;
  const entries = Object.entries(value).map(([key, field]): [string, unknown] => [
    key,
    usersOwn.has(key) ? field : said(field),
  ]);
  return Object.fromEntries(entries.filter(([key, field]) => !leftOut.has(key) && !isEmpty(key, field)));
}

function isEmpty(key: string, field: unknown): boolean {
  if (field === null || field === '' || field === false) return true;
  if (field === 0) return zeroIsUnset.has(key);
  return field instanceof Object && Object.keys(field).length === 0 && !modes.has(key);
}
