import { expect, test } from 'vitest';
import { noChanges } from '../engine/changes.ts';
import type { ResourceStep } from '../report/report.ts';
import { emptyStack } from './prepared-apps.ts';
import { checkRotation } from './rotation.ts';

const own = {
  key: 'token',
  name: 'shop_token',
  external: false as const,
  data: Buffer.from('x'),
  labels: {},
};
const stack = {
  ...emptyStack('shop'),
  secrets: [own, { key: 'given', name: 'given', external: true as const }],
};

function step(
  type: string,
  name: string,
  op: ResourceStep['op'] = 'create',
  ...fields: string[]
): ResourceStep {
  return { op, type, name, fields };
}

function check(name: string, ...steps: ResourceStep[]): void {
  checkRotation(name, { ...noChanges(), steps }, stack);
}

test('a new version and the services that move to it are a rotation; nothing to change is one, too', () => {
  const fields = ['SecretID', 'SecretName'].map((key) => `spec.TaskTemplate.ContainerSpec.Secrets[0].${key}`);
  check('token', step('Secret', 'shop_token-0123456789ab'), step('Service', 'shop_web', 'update', ...fields));
  check('token');
});

test.each([
  ['another secret', step('Secret', 'shop_key-0123456789ab'), 'create Secret shop_key-0123456789ab'],
  ['a new service', step('Service', 'shop_new'), 'create Service shop_new'],
  ['a node', step('Node', 'shop-a-manager-1', 'update', 'labels'), 'update Node shop-a-manager-1'],
  [
    'another field',
    step('Service', 'shop_web', 'update', 'spec.TaskTemplate.ContainerSpec.Env[0]'),
    'update Service shop_web',
  ],
])('%s is more than that', (_, other, detail) => {
  const rotate = () => check('token', step('Secret', 'shop_token-0123456789ab'), other);
  expect(rotate).toThrow(expect.objectContaining({ code: 'conflict', details: [detail] }));
});

test.each(['gone', 'given'])('there is nothing to rotate in the secret %s', (name) => {
  expect(() => check(name)).toThrow(expect.objectContaining({ code: 'not-found', hint: 'There are token.' }));
});
