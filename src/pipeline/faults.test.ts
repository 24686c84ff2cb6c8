import { expect, test } from 'vitest';
import type { LiveSwarm, SwarmNode, SwarmService } from '../docker/live-swarm.ts';
import { findFaults, type Health } from './faults.ts';
import { findUnmanaged } from './unmanaged-objects.ts';

const written = { UpdatedAt: '2026-11-21T10:00:00Z', Version: { Index: 7 } };

function node(name: string, change: Partial<SwarmNode> = {}): SwarmNode {
  return {
    ...written,
    ID: name,
    Spec: { Role: 'manager', Availability: 'active' },
    Description: { Hostname: name, Engine: { EngineVersion: '26.1.5+dfsg1' } },
    Status: { State: 'ready', Addr: '198.18.0.10' },
    ManagerStatus: { Reachability: 'reachable', Addr: '198.18.0.10:2377' },
    ...change,
  };
}

function service(change: Partial<SwarmService> = {}): SwarmService {
  const spec = { Name: 'shop_web', Labels: { 'com.docker.stack.image': 'web:1' }, Mode: {} };
  const TaskTemplate = { ContainerSpec: { Image: 'sha256:abc', Labels: {} } };
  return { ...written, ID: 's1', Spec: { ...spec, TaskTemplate }, ...change };
}

function engine(change: Partial<NonNullable<Health['nodes'][number]['engine']>> = {}) {
  const settings = { 'log-driver': 'local' };
  return {
    version: '26.1.5',
    isLocked: false,
    settings,
    ahead: { least: -40, most: 60 },
    images: new Set(['sha256:abc']),
    ...change,
  };
}

const names = ['n-1', 'n-2', 'n-3'];
const live: LiveSwarm = {
  info: { ...written, ID: 'swarm' },
  nodes: names.map((name) => node(name)),
  services: [service()],
  networks: [],
  configs: [],
  secrets: [],
};
const healthy: Health = {
  live,
  services: [{ name: 'shop_web', running: 2, desired: 2, image: 'web:1' }],
  nodes: names.map((name) => ({ name, engine: engine() })),
  certificates: new Map([['n-1', { from: new Date('2026-10-01'), to: new Date('2026-12-30') }]]),
  known: new Set(names),
  settled: undefined,
  engine: '26',
  now: new Date('2026-11-21'),
};

function faultsOf(change: Partial<Health>): string[] {
  return findFaults({ ...healthy, ...change }).map(({ type, name, check }) => `${type} ${name} ${check}`);
}

function withNodes(...nodes: SwarmNode[]): Partial<Health> {
  return { live: { ...live, nodes } };
}

test('a healthy cluster has no fault', () => {
  expect(findFaults(healthy)).toEqual([]);
});

const down = node('n-3', {
  Status: { State: 'down', Message: 'heartbeat failure', Addr: '' },
  ManagerStatus: { Reachability: 'unreachable', Addr: '' },
});

test.each<[string, Partial<Health>, string[]]>([
  [
    'a manager that is down, and with it the quorum at its limit',
    withNodes(node('n-1'), node('n-2'), down),
    ['Node n-3 down', 'Node n-3 unreachable', 'Swarm managers quorum'],
  ],
  [
    'a manager that is locked is not called down besides',
    {
      ...withNodes(node('n-1'), node('n-2'), down),
      nodes: [{ name: 'n-3', engine: engine({ isLocked: true }) }],
    },
    ['Node n-3 locked', 'Swarm managers quorum'],
  ],
  ['a node that the state does not know', { known: new Set(['n-1', 'n-2']) }, ['Node n-3 unknown']],
  [
    'an engine that does not answer while its node seems ready',
    { nodes: [{ name: 'n-2', silence: 'The engine at n-2 cannot be reached' }] },
    ['Node n-2 silent'],
  ],
  ['another engine than the file asks for', { engine: '26.1.4' }, names.map((name) => `Node ${name} engine`)],
  [
    'a daemon that is set otherwise than the others',
    {
      nodes: [
        ...healthy.nodes.slice(1),
        { name: 'n-1', engine: engine({ settings: { 'log-driver': 'gelf' } }) },
      ],
    },
    ['Node n-1 daemon'],
  ],
  [
    'a clock that is off',
    {
      nodes: [
        ...healthy.nodes.slice(1),
        { name: 'n-1', engine: engine({ ahead: { least: 2_200, most: 2_300 } }) },
      ],
    },
    ['Node n-1 clock'],
  ],
  [
    'an image that a node lacks',
    { nodes: [{ name: 'n-1', engine: engine({ images: new Set() }) }] },
    ['Node n-1 image'],
  ],
  [
    'a service with too few tasks',
    { services: [{ name: 'shop_web', running: 1, desired: 2, image: '' }] },
    ['Service shop_web replicas'],
  ],
  [
    'a certificate that was not renewed',
    { certificates: new Map([['n-1', { from: new Date('2026-08-26'), to: new Date('2026-11-24') }]]) },
    ['Node n-1 certificate'],
  ],
])('%s', (_, change, faults) => {
  expect(faultsOf(change)).toEqual(faults);
});

test.each(['paused', 'rollback_completed', 'rollback_paused'])('an update that ended as %s', (State) => {
  const UpdateStatus = { State, CompletedAt: '2026-11-20T02:00:00Z', Message: 'task failed' };
  const [found] = findFaults({ ...healthy, live: { ...live, services: [service({ UpdateStatus })] } });
  expect(found).toMatchObject({ check: 'update', since: '2026-11-20T02:00:00Z', message: 'task failed' });
});

test.each([
  ['a run that succeeded after it settles', '2026-11-20T03:00:00Z', 0],
  ['one before it does not', '2026-11-20T01:00:00Z', 1],
])('a rollback: %s', (_, settled, count) => {
  const UpdateStatus = { State: 'rollback_completed', CompletedAt: '2026-11-20T02:00:00Z' };
  const changed = { ...live, services: [service({ UpdateStatus })] };
  expect(findFaults({ ...healthy, live: changed, settled: new Date(settled) })).toHaveLength(count);
});

test('a clock that was slow to answer is not off', () => {
  const slow = { name: 'n-1', engine: engine({ ahead: { least: -4_900, most: 100 } }) };
  expect(faultsOf({ nodes: [...healthy.nodes.slice(1), slow] })).toEqual([]);
});

test('one manager of one is no quorum at its limit', () => {
  expect(faultsOf(withNodes(node('n-1')))).toEqual([]);
});

/** Made by `openssl ca -selfsign -startdate 20261001000000Z -enddate 20261220000000Z`. */
const root = `-----BEGIN CERTIFICATE-----
MIIBDjCBtAIBATAKBggqhkjOPQQDAjATMREwDwYDVQQDDAhzd2FybS1jYTAeFw0y
NjEwMDEwMDAwMDBaFw0yNjEyMjAwMDAwMDBaMBMxETAPBgNVBAMMCHN3YXJtLWNh
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEGqiUdp3XgKB6Nr4gsIm1+Dn5bIc6
ayWnJVEfG+FD2POFhcFEDdGyp8wukUHTxPzupL47tlPuahsJzcUqI/4bDTAKBggq
hkjOPQQDAgNJADBGAiEA2bmSKEYbH+t9akpHLvWkgdVi2z/tcOUmcDnsh5gqTSUC
IQD70mMKYn7e8uJFj8kZZLrLYr5R89xNZibJqhOk4gkkfA==
-----END CERTIFICATE-----`;

test.each([
  ['2026-11-19', []],
  ['2026-11-21', ['Swarm authority certificate']],
])('on %s the certificate authority that ends on 20 December: %j', (today, faults) => {
  const info = { ...live.info, TLSInfo: { TrustRoot: root } };
  expect(faultsOf({ live: { ...live, info }, now: new Date(today) })).toEqual(faults);
});

const namespace = { 'com.docker.stack.namespace': 'shop' };

test('unmanaged is what is in the namespace or looks like it, and services of nobody, but no older version', () => {
  const content = (ID: string, Name: string, Labels?: Record<string, string>) => ({
    ...written,
    ID,
    CreatedAt: '2026-11-20T10:00:00Z',
    Spec: { Name, ...(Labels && { Labels }) },
  });
  const other = { 'com.docker.stack.namespace': 'other' };
  const named = (ID: string, Name: string, Labels: Record<string, string>) => ({
    ...service(),
    ID,
    Spec: { ...service().Spec, Name, Labels },
  });
  const found = findUnmanaged(
    {
      ...live,
      services: [
        named('s1', 'shop_web', namespace),
        named('s2', 'nobodys', {}),
        named('s3', 'other_x', other),
      ],
      networks: [
        { Id: 'n1', Name: 'shop_extra' },
        { Id: 'n2', Name: 'elsewhere' },
      ],
      configs: [
        content('c1', 'shop_page', namespace),
        content('c2', 'external'),
        content('c3', 'shop_rules-0123456789ab', namespace),
        content('c4', 'shop_rules-ba9876543210', namespace),
      ],
      secrets: [
        content('p1', 'shop_token', namespace),
        content('p2', 'shop_gone', namespace),
        content('p3', 'shop_dropped-0123456789ab', namespace),
      ],
    },
    'shop',
    new Set(['s1', 'c1', 'c3', 'p1']),
    'drift',
  );
  expect(found.map(({ type, name, level }) => [type, name, level])).toEqual([
    ['Service', 'nobodys', 'problem'],
    ['Network', 'shop_extra', 'problem'],
    ['Secret', 'shop_gone', 'problem'],
  ]);
});

test('unmanaged objects are a warning, or nothing, as the reader likes', () => {
  const foreign = { ...live, services: [service({ ID: 'foreign' })] };
  expect(findUnmanaged(foreign, 'shop', new Set(), 'warn')).toMatchObject([{ level: 'warning', version: 7 }]);
  expect(findUnmanaged(foreign, 'shop', new Set(), 'ignore')).toEqual([]);
});
