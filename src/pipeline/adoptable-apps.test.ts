import { expect, test } from 'vitest';
import { contentKey } from '../compose/file-objects.ts';
import type { Stack } from '../compose/stack.ts';
import type { ServiceSpec } from '../docker/engine-spec.ts';
import type { LiveContent, SwarmObjects } from '../docker/swarm-objects.ts';
import { findAdoptableApps } from './adoptable-apps.ts';

const labels = { 'com.docker.stack.namespace': 'shop' };
const page = { key: 'page', name: 'shop_page', external: false as const, data: Buffer.from('<p>'), labels };
const token = {
  key: 'token',
  name: 'shop_token',
  external: false as const,
  data: Buffer.from('s3cret'),
  labels,
};

function service(name: string, secretId?: string): ServiceSpec {
  const File = { Name: 'token', UID: '0', GID: '0', Mode: 292 };
  const Secrets = secretId ? [{ File, SecretID: secretId, SecretName: 'x' }] : [];
  return {
    Name: name,
    Labels: labels,
    TaskTemplate: { ContainerSpec: { Image: 'web:1', Labels: labels, Secrets } },
    Mode: {},
  };
}

const stack: Stack = {
  name: 'shop',
  networks: [{ Name: 'shop_backend', Driver: 'overlay', Labels: labels }],
  externalNetworks: ['shared'],
  configs: [page],
  secrets: [token],
  builds: [],
  services: [service('shop_web')],
};

function content(id: string, name: string, data?: string, change: Partial<LiveContent> = {}): LiveContent {
  const Spec = {
    Name: name,
    Labels: labels,
    ...(data ? { Data: Buffer.from(data).toString('base64') } : {}),
  };
  return { ID: id, CreatedAt: '2026-01-01T00:00:00Z', Spec, ...change };
}

function find(live: Partial<SwarmObjects>, known: string[] = []) {
  const all = { services: [], networks: [], configs: [], secrets: [], ...live };
  const { objects, left, contents } = findAdoptableApps(stack, all, new Set(known), 'key');
  return {
    adopted: objects.map(({ type, name, id }) => `${type} ${name} ${id}`),
    notes: objects.flatMap(({ note }) => note ?? []),
    left: left.map(({ type, name, reason }) => `${type} ${name}: ${reason}`),
    contents,
  };
}

test('what the compose files have is adopted, with the names and ids that it has', () => {
  const found = find({
    services: [{ ID: 'w1', Spec: service('shop_web', 's1') }],
    networks: [{ Id: 'n1', Name: 'shop_backend', Labels: labels }],
    configs: [content('c1', 'shop_page', '<p>')],
    secrets: [content('s1', 'shop_token')],
  });
  expect(found).toEqual({
    adopted: [
      'Network shop_backend n1',
      'Config shop_page c1',
      'Secret shop_token s1',
      'Service shop_web w1',
    ],
    notes: [],
    left: [],
    contents: {
      [contentKey('configs', page, 'key')]: 'c1',
      [contentKey('secrets', token, 'key')]: 's1',
    },
  });
});

test('what is in the state already is passed over', () => {
  const services = [{ ID: 'w1', Spec: service('shop_web') }];
  expect(find({ services }, ['w1'])).toMatchObject({ adopted: [], left: [] });
});

test('everything else is left, each with its reason', () => {
  const other = { ...service('blog_web'), Labels: { 'com.docker.stack.namespace': 'blog' } };
  const { adopted, left } = find({
    services: [
      { ID: 'a', Spec: service('shop_old') },
      { ID: 'b', Spec: other },
      { ID: 'c', Spec: { ...service('alone'), Labels: {} } },
    ],
    networks: [
      { Id: 'd', Name: 'shared', Labels: {} },
      { Id: 'e', Name: 'shop_old', Labels: labels },
    ],
  });
  expect(adopted).toEqual([]);
  expect(left).toEqual([
    'Network shop_old: the compose files have no shop_old: in the state, the next `up` would delete it',
    'Service shop_old: the compose files have no shop_old: in the state, the next `up` would delete it',
    'Service blog_web: belongs to the stack blog',
    'Service alone: belongs to no stack',
  ]);
});

test('a config of other content is adopted without its name being kept', () => {
  const { adopted, notes, contents } = find({ configs: [content('c1', 'shop_page', 'other')] });
  expect(adopted).toEqual(['Config shop_page c1']);
  expect(notes).toEqual([expect.stringContaining('not as in the file')]);
  expect(contents).toEqual({});
});

test('a config that is a template is another than one that is not', () => {
  const live = content('c1', 'shop_page', '<p>');
  const { contents } = find({
    configs: [{ ...live, Spec: { ...live.Spec, Templating: { Name: 'golang' } } }],
  });
  expect(contents).toEqual({});
});

test('of several versions it is the one that the services use', () => {
  const { adopted, left } = find({
    services: [{ ID: 'w1', Spec: service('shop_web', 's1') }],
    secrets: [
      content('s1', 'shop_token-0123456789ab'),
      content('s2', 'shop_token-ba9876543210', undefined, { CreatedAt: '2026-02-01T00:00:00Z' }),
    ],
  });
  expect(adopted).toEqual(['Secret shop_token-0123456789ab s1', 'Service shop_web w1']);
  expect(left).toEqual([
    'Secret shop_token-ba9876543210: another version is in use: shop_token-0123456789ab',
  ]);
});
