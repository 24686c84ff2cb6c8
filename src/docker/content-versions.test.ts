import { expect, test } from 'vitest';
import { outdatedVersions, versionsOf } from './content-versions.ts';
import type { ServiceSpec } from './engine-spec.ts';
import type { LiveContent } from './swarm-objects.ts';

function live(name: string, day: number, stack = 'shop'): LiveContent {
  const Labels = { 'com.docker.stack.namespace': stack };
  return {
    ID: `id-${name}`,
    CreatedAt: `2026-11-${String(day).padStart(2, '0')}T10:00:00Z`,
    Spec: { Name: name, Labels },
  };
}

function service(...secrets: string[]): ServiceSpec {
  const File = { Name: 'x', UID: '0', GID: '0', Mode: 0o444 };
  const Secrets = secrets.map((SecretName) => ({ SecretName, SecretID: 'x', File }));
  return {
    Name: 'shop_web',
    Labels: {},
    Mode: {},
    TaskTemplate: { ContainerSpec: { Image: 'web', Labels: {}, Secrets } },
  };
}

const versions = versionsOf(
  [
    live('shop_token-000000000001', 1),
    live('shop_token-000000000003', 3),
    live('shop_token-000000000002', 2),
    live('shop_token-000000000004', 4),
    live('shop_key-00000000000a', 1),
    live('shop_by-hand', 1),
    live('other_token-000000000001', 1, 'other'),
  ],
  'shop',
);

test('versions are those of the stack with a version in their name, the newest first', () => {
  expect(versions.map(({ name, version }) => `${name} ${version}`)).toEqual([
    'shop_token 000000000004',
    'shop_token 000000000003',
    'shop_token 000000000002',
    'shop_token 000000000001',
    'shop_key 00000000000a',
  ]);
});

test.each([
  [3, 4, []],
  [2, 4, ['shop_token-000000000001']],
  [
    0,
    4,
    [
      'shop_token-000000000003',
      'shop_token-000000000002',
      'shop_token-000000000001',
      'shop_key-00000000000a',
    ],
  ],
  [1, 1, ['shop_token-000000000003', 'shop_token-000000000002']],
])('with %i to keep and version %i in use, these are outdated: %j', (keep, inUse, expected) => {
  const outdated = outdatedVersions(versions, [service(`shop_token-00000000000${inUse}`)], keep);
  expect(outdated.map(({ fullName }) => fullName)).toEqual(expected);
});
