import { expect, test } from 'vitest';
import type { ContainerSpec, Mount, SecretReference, ServiceSpec, TaskSpec } from './engine-spec.ts';
import { canonicalServiceSpec, hasTemplate } from './service-spec.ts';

const asked: ServiceSpec = {
  Name: 'shop_web',
  Labels: { 'com.docker.stack.namespace': 'shop' },
  TaskTemplate: { ContainerSpec: { Image: 'web:1', Labels: {}, Env: ['GREETING=Hello'] } },
  Mode: { Replicated: {} },
  UpdateConfig: { Parallelism: 1 },
  EndpointSpec: { Ports: [{ TargetPort: 80, PublishedPort: 8080 }] },
};

/** The same service as an engine shows it: with its own defaults and empty values. */
const live = {
  ...asked,
  TaskTemplate: {
    ContainerSpec: {
      ...asked.TaskTemplate.ContainerSpec,
      StopGracePeriod: 10_000_000_000,
      DNSConfig: {},
      Isolation: 'default',
    },
    Resources: { Limits: {}, Reservations: {} },
    RestartPolicy: { Condition: 'any', Delay: 5_000_000_000, MaxAttempts: 0 },
    Placement: {},
    ForceUpdate: 3,
    Runtime: 'container',
  },
  Mode: { Replicated: { Replicas: 1 } },
  UpdateConfig: { Parallelism: 1, FailureAction: 'pause', MaxFailureRatio: 0, Order: 'stop-first' },
  EndpointSpec: {
    Mode: 'vip',
    Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'ingress' }],
  },
};

test('what the engine fills in makes no difference', () => {
  expect(canonicalServiceSpec(live)).toEqual(canonicalServiceSpec(asked));
});

test('neither do flags that are off, the empty parts of privileges and jobs of one task', () => {
  const container = asked.TaskTemplate.ContainerSpec;
  const Privileges = { CredentialSpec: null, SELinuxContext: null, NoNewPrivileges: false };
  const filled = { ...container, Privileges, TTY: false, Ulimits: null } as unknown as typeof container;
  const job = { ...asked, Mode: { ReplicatedJob: {} } };
  const TaskTemplate = { ...asked.TaskTemplate, ContainerSpec: filled };
  const Mode = { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } };
  expect(canonicalServiceSpec({ ...job, Mode, TaskTemplate })).toEqual(canonicalServiceSpec(job));
});

test('the order of what one secret is mounted as makes no difference', () => {
  const secret = (Name: string, SecretName = 'shop_password') => ({
    File: { Name, UID: '0', GID: '0', Mode: 0o444 },
    SecretName,
  });
  const mounted = (...Secrets: SecretReference[]) => canonicalServiceSpec(withContainer({ Secrets }));
  expect(mounted(secret('b'), secret('a'))).toEqual(mounted(secret('a'), secret('b')));
  expect(mounted(secret('a', 'shop_other'))).not.toEqual(mounted(secret('a')));
});

test('what the engine forgets is left out', () => {
  const withMount = (mount: Mount) => withContainer({ Mounts: [mount] });
  const mount = { Type: 'bind', Source: '/a', Target: '/b' };
  expect(canonicalServiceSpec(withMount({ ...mount, Consistency: 'cached' }))).toEqual(
    canonicalServiceSpec(withMount(mount)),
  );
});

test('an update without a delay is the same as one that says nothing of it: the engine leaves out 0', () => {
  const delay = { UpdateConfig: { Parallelism: 1, Delay: 0 }, RollbackConfig: { Parallelism: 1, Delay: 0 } };
  const none = { UpdateConfig: { Parallelism: 1 }, RollbackConfig: { Parallelism: 1 } };
  expect(canonicalServiceSpec({ ...asked, ...delay })).toEqual(canonicalServiceSpec({ ...asked, ...none }));
});

test('the canonical form is the canonical form of itself', () => {
  const canonical = canonicalServiceSpec(live);
  expect(canonicalServiceSpec(canonical)).toEqual(canonical);
});

test.each<[string, Partial<ServiceSpec>]>([
  ['no replicas', { Mode: { Replicated: { Replicas: 0 } } }],
  ['a global service', { Mode: { Global: {} } }],
  ['all tasks at once', { UpdateConfig: { Parallelism: 0 } }],
  ['no task is restarted', { TaskTemplate: withRestart({ Condition: 'none' }) }],
  ['restarts without a delay', { TaskTemplate: withRestart({ Delay: 0 }) }],
  ['a label with an empty value', { Labels: { ...asked.Labels, empty: '' } }],
  ['another published port', { EndpointSpec: { Ports: [{ TargetPort: 80, PublishedPort: 80 }] } }],
  ['no port', { EndpointSpec: {} }],
  ['a job', { Mode: { GlobalJob: {} } }],
  ['a job of none', { Mode: { ReplicatedJob: { MaxConcurrent: 0, TotalCompletions: 0 } } }],
  ['no init process', withContainer({ Init: false })],
  [
    'an option with an empty value',
    { TaskTemplate: { ...asked.TaskTemplate, LogDriver: { Options: { a: '' } } } },
  ],
  ['a config for the engine itself', withContainer({ Configs: [{ ConfigName: 'c', Runtime: {} }] })],
])('%s is a difference', (_, change) => {
  expect(canonicalServiceSpec({ ...asked, ...change })).not.toEqual(canonicalServiceSpec(asked));
});

function withContainer(change: Partial<ContainerSpec>): ServiceSpec {
  const ContainerSpec = { ...asked.TaskTemplate.ContainerSpec, ...change };
  return { ...asked, TaskTemplate: { ...asked.TaskTemplate, ContainerSpec } };
}

test('a config for the engine itself stays one', () => {
  const spec = withContainer({ Configs: [{ ConfigName: 'c', Runtime: {} }] });
  expect(canonicalServiceSpec(spec).TaskTemplate.ContainerSpec.Configs).toEqual([
    { ConfigName: 'c', Runtime: {} },
  ]);
});

function withRestart(RestartPolicy: NonNullable<TaskSpec['RestartPolicy']>): TaskSpec {
  return { ...asked.TaskTemplate, RestartPolicy };
}

test('a task has the template that it was made from', () => {
  expect(hasTemplate(live.TaskTemplate, live.TaskTemplate)).toBe(true);
});

test('a task of another image does not', () => {
  const ContainerSpec = { ...live.TaskTemplate.ContainerSpec, Image: 'web:2' };
  expect(hasTemplate(live.TaskTemplate, { ...live.TaskTemplate, ContainerSpec })).toBe(false);
});

test('a task from before a forced update does not', () => {
  expect(hasTemplate(live.TaskTemplate, { ...live.TaskTemplate, ForceUpdate: 4 })).toBe(false);
});

test('a task that fits other placement rules still does', () => {
  const Placement = { Constraints: ['node.role==worker'] };
  expect(hasTemplate(live.TaskTemplate, { ...live.TaskTemplate, Placement })).toBe(true);
});
