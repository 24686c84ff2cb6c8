import { expect, test } from 'vitest';
import type { ServiceSpec } from '../src/docker/engine-spec.ts';
import { type ServiceInputs, service } from './service.ts';

const spec: ServiceSpec = {
  Name: 'shop_web',
  Labels: {},
  TaskTemplate: { ContainerSpec: { Image: 'web:1', Labels: {}, Env: ['A=1'] } },
  Mode: { Replicated: { Replicas: 2 } },
};

function inputs(change: Partial<ServiceSpec> = {}, deadlineSeconds = 300): ServiceInputs {
  return { spec: { ...spec, ...change }, deadlineSeconds };
}

test('the same spec in other words is no difference', () => {
  const live = inputs({
    TaskTemplate: {
      ...spec.TaskTemplate,
      ForceUpdate: 1,
      RestartPolicy: { Condition: 'any', MaxAttempts: 0 },
    },
    EndpointSpec: { Mode: 'vip' },
  });
  expect(service.difference(live, inputs())).toEqual({ changes: [], replaces: [] });
});

test.each<[string, Partial<ServiceSpec>, string[]]>([
  [
    'another image',
    { TaskTemplate: { ContainerSpec: { ...spec.TaskTemplate.ContainerSpec, Image: 'web:2' } } },
    ['spec.TaskTemplate.ContainerSpec.Image'],
  ],
  ['more tasks', { Mode: { Replicated: { Replicas: 3 } } }, ['spec.Mode.Replicated.Replicas']],
  ['a network', networks('net-1'), ['spec.TaskTemplate.Networks']],
  ['a port', { EndpointSpec: { Ports: [{ TargetPort: 80 }] } }, ['spec.EndpointSpec']],
])('%s is done in place', (_, change, changes) => {
  expect(service.difference(inputs(), inputs(change))).toEqual({ changes, replaces: [] });
});

function networks(Target: string): Partial<ServiceSpec> {
  return { TaskTemplate: { ...spec.TaskTemplate, Networks: [{ Target }] } };
}

test('a spec that is not known yet is a difference, and no reason for another service', () => {
  const unknown = { ...inputs(), spec: 'unknown' as unknown as ServiceSpec };
  expect(service.difference(inputs(), unknown)).toEqual({ changes: ['spec'], replaces: [] });
});

test('another name needs another service', () => {
  expect(service.difference(inputs(), inputs({ Name: 'shop_api' }))).toEqual({
    changes: ['spec.Name'],
    replaces: ['spec.Name'],
  });
});

test('so does another kind of service', () => {
  const { replaces } = service.difference(inputs(), inputs({ Mode: { Global: {} } }));
  expect(replaces).not.toEqual([]);
  expect(replaces.every((path) => path.startsWith('spec.Mode'))).toBe(true);
});

test('one that says no mode is replicated', () => {
  const implicit = service.difference(inputs({ Mode: {} }), inputs());
  expect(implicit.replaces).toEqual([]);
});

test('how long it may take to converge is nothing that the swarm knows', () => {
  expect(service.difference(inputs({}, 300), inputs({}, 60))).toEqual({ changes: [], replaces: [] });
});
