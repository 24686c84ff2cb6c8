import { expect, test } from 'vitest';
import { sampleCluster, sampleFleet } from '../pipeline/sample-fleet.ts';
import { diagnose } from './checks.ts';
import type { AnsweringHost, HostFacts } from './facts.ts';
import { parseHost } from './host-facts.ts';
import { goodFacts } from './sample-facts.ts';

const fleetOf = (target: 'hosts' | 'aws') => sampleFleet({ target, clusters: [sampleCluster('us')] });
const silent = {
  engine: { answers: false, endpoint: 'unix:///run/docker.sock', reason: 'ENOENT', message: '' },
} as const;

/** What `doctor` says of one machine. */
function judge(host: Omit<AnsweringHost, 'answers'> | { message: string; hint: string }): string {
  const answers = !('message' in host);
  const hosts = [{ name: 'n1', answers, ...host } as HostFacts];
  const found = diagnose(goodFacts({ fleet: fleetOf('hosts'), hosts })).checks.find(
    ({ name }) => name === 'host',
  );
  return `${found?.status}: ${found?.message}${found?.fix ? ` → ${found.fix}` : ''}`;
}

const bare = { canBeRoot: true, listening: ['22/tcp'] };
const inUse = { canBeRoot: true, listening: ['22/tcp', '2377/tcp', '4789/udp'] };

test.each<[string, Parameters<typeof judge>[0], RegExp]>([
  ['a bare one', { isMember: false, machine: bare }, /^ok: n1: no engine yet; `up` installs 26\.$/],
  [
    'one with an engine',
    { engine: '26.1.5', isMember: false, machine: bare },
    /^ok: n1: engine 26\.1\.5, in no swarm\.$/,
  ],
  [
    'a member',
    { engine: '26.1.5', isMember: true, machine: inUse },
    /^ok: n1: engine 26\.1\.5, in a swarm\.$/,
  ],
  ['one without a shell', { engine: '28.0.0', isMember: false }, /^ok: /],
  [
    'one where nobody is root',
    { isMember: false, machine: { ...bare, canBeRoot: false } },
    /^fail: n1: .*sudo.* → .*NOPASSWD/,
  ],
  [
    'an old engine',
    { engine: '20.10.24', isMember: false, machine: bare },
    /^fail: n1: engine 20\.10\.24 is too old\. → Upgrade/,
  ],
  ['ports of others', { isMember: false, machine: inUse }, /^fail: n1: 2377\/tcp, 4789\/udp is in use/],
  [
    'one that is silent',
    { message: 'No answer.', hint: 'Start it.' },
    /^fail: n1: No answer\. → Start it\.$/,
  ],
])('%s', (_, host, told) => {
  expect(judge(host)).toMatch(told);
});

test('what a machine says of itself', () => {
  const table = '  sl  local_address rem_address   st\n   0: 00000000:0949 00000000:0000 0A 0:0\n';
  const said = `engine Docker version 26.1.5+dfsg1, build a72d7cd
root yes
swarm active
ports tcp
${table}ports tcp6
ports udp
  sl  local_address rem_address   st
   9: 00000000:12B5 00000000:0000 07 0:0
ports udp6
`;
  expect(parseHost(said)).toEqual({
    ...{ answers: true, engine: '26.1.5', isMember: true },
    machine: { canBeRoot: true, listening: ['2377/tcp', '4789/udp'] },
  });
  expect(parseHost('engine \nroot no\nswarm \nports tcp\n')).toEqual({
    ...{ answers: true, isMember: false },
    machine: { canBeRoot: false, listening: [] },
  });
});

test.each(['hosts', 'aws'] as const)('for %s this machine needs no engine, nor what nodes need', (target) => {
  const { ok, checks } = diagnose(goodFacts({ fleet: fleetOf(target), ...silent }));
  expect(ok).toBe(true);
  const names = checks.map(({ name }) => name);
  for (const name of ['node-image', 'vxlan', 'ip_vs', 'addresses', 'ports', 'disk-engine'])
    expect(names).not.toContain(name);
  expect(checks.find(({ name }) => name === 'engine')).toMatchObject({ status: 'warn' });
});

test('each target has its provider', () => {
  const { tools } = goodFacts();
  const told = (target: 'hosts' | 'aws') =>
    diagnose(
      goodFacts({
        fleet: fleetOf(target),
        tools: { ...tools, hasDockerProvider: false, hasAwsProvider: false },
      }),
    ).checks.find(({ name }) => name === 'pulumi');
  expect(told('hosts')).toMatchObject({ status: 'ok', message: 'CLI 3.256.0 is installed.' });
  expect(told('aws')).toMatchObject({ status: 'warn', message: 'Not installed yet: the AWS provider.' });
});
