import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixtureFolder } from './fixture-folder.ts';
import { loadFleet } from './load.ts';
import { correct, refusal } from './refused-file.ts';

async function clustersOf(text: string) {
  const directory = await fixtureFolder({ 'swarmctl.yaml': text });
  return { directory, fleet: await loadFleet({ directory, env: {}, isTerminal: false }) };
}

test('machines with every key, managers first', async () => {
  const { directory, fleet } = await clustersOf(`
fleet: shop
target: hosts
defaults:
  daemon: { log-driver: json-file, mtu: 1400 }
  remove-engine: true
clusters:
  a:
    remove-engine: false
    daemon: { mtu: 1450, metrics-addr: "0.0.0.0:9323", default-address-pools: [{ base: 172.30.0.0/16, size: 24 }] }
    nodes:
      - { address: 192.0.2.20, role: worker, ssh: "ada@gate.example.com:2222", labels: { disk: ssd } }
      - { address: "2001:db8::1", role: manager, zone: a1, advertise: eth1, data-path: 10.0.0.0/24 }
      - { address: 192.0.2.30, role: worker, name: three, context: far }
      - { address: 192.0.2.40, role: worker, tls: { certificates: certs } }
`);
  expect(fleet.target).toBe('hosts');
  expect(fleet.clusters).toEqual([
    {
      name: 'a',
      region: 'a',
      managers: 1,
      workers: 3,
      drainManagers: false,
      autolock: false,
      labels: {},
      env: {},
      overrides: [],
      removeEngine: false,
      daemon: {
        'metrics-addr': '0.0.0.0:9323',
        'log-driver': 'json-file',
        'default-address-pools': [{ base: '172.30.0.0/16', size: 24 }],
        mtu: 1450,
      },
      hosts: [
        {
          name: '2001-db8--1',
          role: 'manager',
          address: '2001:db8::1',
          endpoint: 'ssh://[2001:db8::1]',
          zone: 'a1',
          labels: {},
          advertise: 'eth1',
          dataPath: '10.0.0.0/24',
        },
        {
          name: '192.0.2.20',
          role: 'worker',
          address: '192.0.2.20',
          endpoint: 'ssh://ada@gate.example.com:2222',
          labels: { disk: 'ssd' },
        },
        { name: 'three', role: 'worker', address: '192.0.2.30', endpoint: 'context://far', labels: {} },
        {
          name: '192.0.2.40',
          role: 'worker',
          address: '192.0.2.40',
          endpoint: `tcp://192.0.2.40:2376?certificates=${join(directory, 'certs')}`,
          labels: {},
        },
      ],
    },
  ]);
});

test('logs are rotated and metrics kept to the machine where nothing is said', async () => {
  const { fleet } = await clustersOf(hosts('{ address: n1, role: manager }'));
  expect(fleet.clusters[0]?.daemon).toEqual({
    'metrics-addr': '127.0.0.1:9323',
    'log-driver': 'local',
    'log-opts': { 'max-size': '10m', 'max-file': '3' },
  });
});

function hosts(...nodes: string[]): string {
  return `fleet: shop\ntarget: hosts\nclusters:\n  a:\n    nodes:\n${nodes.map((node) => `      - ${node}\n`).join('')}`;
}

const manager = '{ address: n1, role: manager }';
const worker = '{ address: n2, role: worker }';

const refused: [string, string, string, string?][] = [
  [
    'no machines',
    'fleet: shop\ntarget: hosts\nclusters: { a: {} }\n',
    'swarmctl.yaml:3:13: clusters.a.nodes: expected the machines of the cluster, it is missing',
  ],
  [
    'an even number of managers',
    hosts(manager, '{ address: n2, role: manager }'),
    'swarmctl.yaml:5:5: clusters.a.nodes: expected 1, 3, 5 or 7 managers, found 2',
  ],
  [
    'no manager',
    hosts(worker),
    'swarmctl.yaml:5:5: clusters.a.nodes: expected 1, 3, 5 or 7 managers, found 0',
  ],
  [
    'one machine twice',
    hosts(manager, '{ address: N1, role: worker, ssh: root@n1 }'),
    'swarmctl.yaml:7:9: clusters.a.nodes[1]: this is the same machine as clusters.a.nodes[0]',
  ],
  [
    'one machine in two clusters',
    `${hosts(manager)}  b:\n    nodes: [{ address: n1, role: manager }]\n`,
    'swarmctl.yaml:8:13: clusters.b.nodes[0]: this is the same machine as clusters.a.nodes[0]',
  ],
  [
    'two machines of one name',
    hosts(manager, '{ address: n2, role: worker, name: n1 }'),
    'swarmctl.yaml:7:9: clusters.a.nodes[1]: the name n1 is that of clusters.a.nodes[0]',
  ],
  [
    'two ways to one machine',
    hosts('{ address: n1, role: manager, ssh: n1, context: far }'),
    'swarmctl.yaml:6:9: clusters.a.nodes[0]: expected one of ssh, context and tls, found ssh and context',
  ],
  [
    'a range that only SSH could look up',
    hosts('{ address: n1, role: manager, tls: { certificates: . }, advertise: 10.0.0.0/24 }'),
    'swarmctl.yaml:6:9: clusters.a.nodes[0]: advertise: a range can only be looked up by SSH, found tls',
  ],
  [
    'a range that is none',
    hosts('{ address: n1, role: manager, data-path: 10.0.0.0/33 }'),
    'swarmctl.yaml:6:9: clusters.a.nodes[0]: data-path: expected a range such as 10.0.0.0/24, found "10.0.0.0/33"',
  ],
  [
    'an address that ssh would take for an option',
    hosts('{ address: -oProxyCommand=x, role: manager }'),
    'swarmctl.yaml:6:20: clusters.a.nodes[0].address: expected a host name or an IP address, such as node1.example.com or 192.0.2.10, found "-oProxyCommand=x"',
  ],
  [
    'another role',
    hosts('{ address: n1, role: leader }'),
    'swarmctl.yaml:6:30: clusters.a.nodes[0].role: expected manager or worker, found "leader"',
  ],
  [
    'a misspelt key',
    hosts('{ address: n1, role: manager, zones: a }'),
    'swarmctl.yaml:6:39: unknown key "zones" in clusters.a.nodes[0]',
    'Did you mean "zone"?',
  ],
  [
    'numbers of nodes',
    `${hosts(manager)}    managers: 1\n`,
    'swarmctl.yaml:7:5: clusters.a.managers: not with the target hosts',
    'The machines under `nodes` say who is a manager.',
  ],
  [
    'limits for all clusters',
    `${hosts(manager)}defaults: { limits: { cpus: 1 } }\n`,
    'swarmctl.yaml:7:13: defaults.limits: not with the target hosts',
    'Machines have the CPUs and the memory that they have.',
  ],
  [
    'machines of a local fleet',
    'fleet: shop\nclusters:\n  a: { nodes: [{ address: n1, role: manager }] }\n',
    'swarmctl.yaml:3:8: clusters.a.nodes: not with the target local',
    'Local nodes are made: give `managers` and `workers` their number.',
  ],
  [
    'live-restore',
    `${hosts(manager)}    daemon: { live-restore: true }\n`,
    'swarmctl.yaml:7:15: clusters.a.daemon.live-restore: a swarm cannot be with live-restore',
    'Remove it.',
  ],
];

test.each(refused)('refused: %s', async (_, text, message, hint = correct) => {
  const error = await refusal(text);
  expect({ message: error.message, hint: error.hint }).toEqual({ message, hint });
});

test('a flag does not change the target of a file', async () => {
  const directory = await fixtureFolder({ 'swarmctl.yaml': hosts(manager) });
  const loading = loadFleet({ directory, target: 'local', env: {}, isTerminal: true });
  await expect(loading).rejects.toMatchObject({
    code: 'usage',
    message: "--target: expected hosts, which is the fleet's, found local",
  });
});
