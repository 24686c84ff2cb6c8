import { expect, test } from 'vitest';
import { recordedStack } from './recorded-stack.ts';
import type { Stack } from './stack.ts';

const file = { Name: 'token', UID: '0', GID: '0', Mode: 0o444 };

const stack: Stack = {
  name: 'shop',
  networks: [],
  externalNetworks: ['edge'],
  configs: [
    { key: 'page', name: 'shop_page', external: false, data: Buffer.from('canary'), labels: {} },
    { key: 'spec', name: 'shop_spec', external: false, data: Buffer.from('canary'), labels: {} },
  ],
  secrets: [
    { key: 'token', name: 'shop_token', external: false, data: Buffer.from('canary'), labels: {} },
    { key: 'given', name: 'given', external: true },
  ],
  services: [
    {
      Name: 'shop_web',
      Labels: {},
      Mode: {},
      TaskTemplate: {
        ContainerSpec: {
          Image: 'web:1',
          Labels: {},
          Privileges: { CredentialSpec: { Config: 'shop_spec' } },
          Configs: [{ ConfigName: 'shop_page', File: file }],
          Secrets: [
            { SecretName: 'shop_token', File: file },
            { SecretName: 'given', File: file },
          ],
        },
      },
    },
  ],
  builds: [{ service: 'shop_web', image: 'web:1', context: '.', args: {}, labels: {} } as never],
};

test('services refer to the versions that stay in the swarm, and no content is in it', () => {
  const recorded = recordedStack(stack, (kind, { name }) => `${name}-of-${kind}`);
  expect(JSON.stringify(recorded)).not.toContain(Buffer.from('canary').toJSON().data.join(','));
  expect(JSON.parse(JSON.stringify(recorded))).toEqual({
    ...stack,
    builds: [],
    configs: ['shop_page-of-configs', 'shop_spec-of-configs'].map((name) => ({
      key: name,
      name,
      external: true,
    })),
    secrets: ['shop_token-of-secrets', 'given'].map((name) => ({ key: name, name, external: true })),
    services: [
      {
        ...stack.services[0],
        TaskTemplate: {
          ContainerSpec: {
            Image: 'web:1',
            Labels: {},
            Privileges: { CredentialSpec: { Config: 'shop_spec-of-configs' } },
            Configs: [{ ConfigName: 'shop_page-of-configs', File: file }],
            Secrets: [
              { SecretName: 'shop_token-of-secrets', File: file },
              { SecretName: 'given', File: file },
            ],
          },
        },
      },
    ],
  });
});

test('a recorded stack stays as it is when it is recorded again', () => {
  const once = recordedStack(stack, (_, { name }) => `${name}-1`);
  expect(recordedStack(once, () => 'another')).toEqual(once);
});
