import { expect, test } from 'vitest';
import { changedPaths } from '../../provider/changed-paths.ts';
import type { ComparedResource } from '../engine/compared.ts';
import { differingFields } from './drift-fields.ts';

function compared(expected: Record<string, unknown>, found: Record<string, unknown>): ComparedResource {
  return {
    type: 'Service',
    name: 'shop_web',
    id: 'w1',
    expected,
    found,
    paths: changedPaths(expected, found),
  };
}

function container(container: object) {
  return { spec: { TaskTemplate: { ContainerSpec: container } } };
}

const env = 'spec.TaskTemplate.ContainerSpec.Env';

test('a field is told with what it should be and what it is', () => {
  const fields = differingFields(
    compared(
      { spec: { Labels: { 'com.example.team': 'a' }, Ports: [{ TargetPort: 80 }] } },
      { spec: { Labels: { 'com.example.team': 'b' }, Ports: [{ TargetPort: 81 }] } },
    ),
  );
  expect(fields).toEqual([
    { path: 'spec.Labels.com.example.team', expected: 'a', found: 'b' },
    { path: 'spec.Ports[0].TargetPort', expected: 80, found: 81 },
  ]);
});

test('what the engine takes where nothing is said stands in for nothing', () => {
  const fields = differingFields(
    compared({ spec: { Mode: { Replicated: {} } } }, { spec: { Mode: { Replicated: { Replicas: 3 } } } }),
  );
  expect(fields).toEqual([{ path: 'spec.Mode.Replicated.Replicas', expected: 1, found: 3 }]);
});

test('variables are told by their names, wherever they stand in the list', () => {
  const fields = differingFields(
    compared(container({ Env: ['A=1', 'B=2', 'C=3'] }), container({ Env: ['B=2', 'C=4=x', 'D='] })),
  );
  expect(fields).toEqual([
    { path: `${env}.A`, expected: '1' },
    { path: `${env}.C`, expected: '3', found: '4=x' },
    { path: `${env}.D`, found: '' },
  ]);
});

test('an environment where there was none has each of its variables', () => {
  const fields = differingFields(compared(container({}), container({ Env: ['BY=hand'] })));
  expect(fields).toEqual([{ path: `${env}.BY`, found: 'hand' }]);
});

test('variables in another order are told as such', () => {
  const fields = differingFields(
    compared(container({ Env: ['A=1', 'B=2'] }), container({ Env: ['B=2', 'A=1'] })),
  );
  expect(fields).toEqual([{ path: env, expected: ['A', 'B'], found: ['B', 'A'] }]);
});

test.each(['DB_PASSWORD', 'apiKey', 'API_KEY', 'GITHUB_TOKEN', 'MY_SECRET'])(
  'of %s no value is told',
  (name) => {
    const fields = differingFields(
      compared(container({ Env: [`${name}=old`] }), container({ Env: [`${name}=new`] })),
    );
    expect(fields).toEqual([{ path: `${env}.${name}`, secret: true }]);
  },
);

test('nor of what the engine has masked', () => {
  const fields = differingFields(compared({ data: '[secret]' }, { data: 'other' }));
  expect(fields).toEqual([{ path: 'data', secret: true }]);
});

test('what is new as a whole is told by its fields', () => {
  const Placement = { Constraints: ['node.role==manager'], MaxReplicas: 2 };
  const fields = differingFields(
    compared({ spec: {} }, { spec: { Placement, Labels: { by: 'hand' }, Empty: {} } }),
  );
  expect(fields).toEqual([
    { path: 'spec.Empty', found: {} },
    { path: 'spec.Labels.by', found: 'hand' },
    { path: 'spec.Placement.Constraints', found: ['node.role==manager'] },
    { path: 'spec.Placement.MaxReplicas', found: 2 },
  ]);
});
