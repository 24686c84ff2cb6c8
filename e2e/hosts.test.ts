import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../src/docker/deadline.ts';
import type { DoctorReport } from '../src/report/report.ts';
import { type BareHosts, startBareHosts } from './bare-hosts.ts';
import { clusterOf, copyExampleApp, makeFleetFolder, swarmctl, swarmctlJson } from './swarmctl.ts';

const fleet = 'e2e-hosts';
const daemonJson = '/etc/docker/daemon.json';
const packages = 'dpkg --get-selections';

let folder: string;
let home: string;
let hosts: BareHosts;
let env: Record<string, string>;
/** What is installed on the first machine before swarmctl comes. */
let before: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'swarmctl-e2e-home-'));
  hosts = await startBareHosts(fleet, 3, home);
  env = { ...hosts.env, PULUMI_CONFIG_PASSPHRASE: 'canary-passphrase' };
  before = await hosts.on(first(), packages);
  folder = await makeFleetFolder({});
  await mkdir(join(folder, 'state'));
  await copyExampleApp(folder);
  await writeFile(join(folder, 'swarmctl.yaml'), fleetFile());
});

afterAll(async () => {
  await hosts.remove();
  await rm(home, { recursive: true });
  await rm(folder, { recursive: true });
});

const first = () => hosts.names[0] ?? '';
const zones = ['a', 'b', 'c'];

function fleetFile(): string {
  const nodes = hosts.names.map(
    (name, index) => `      - { address: ${name}, role: manager, zone: ${zones[index]} }\n`,
  );
  return `fleet: ${fleet}
target: hosts
state: file://${folder}/state
defaults: { remove-engine: true, daemon: { mtu: 1400 } }
clusters:
  one:
    nodes:
${nodes.join('')}apps: [compose.yaml]
`;
}

test('`doctor` asks the machines, and needs no local nodes', async () => {
  const { stdout } = await swarmctl(folder, ['doctor', '--json'], env);
  const { checks } = JSON.parse(stdout) as DoctorReport;
  const found = checks.flatMap(({ name, status, message }) =>
    name === 'host' ? [`${status} ${message}`] : [],
  );
  expect(found).toEqual(hosts.names.map((name) => `ok ${name}: no engine yet; \`up\` installs 26.`));
  expect(checks.map(({ name }) => name)).not.toContain('node-image');
});

test('machines that do not reach each other are told, by pair and port, before anything is installed', async () => {
  await hosts.on(first(), 'iptables -A INPUT -p udp --dport 4789 -j DROP');
  const { report, exitCode } = await swarmctlJson(folder, ['up', '--yes', '--skip-bench'], env);
  await hosts.on(first(), 'iptables -F INPUT');
  expect(exitCode).toBe(1);
  const { error } = clusterOf(report, 'one');
  expect(error).toMatchObject({
    code: 'unreachable',
    details: [`${hosts.names[1]} → ${first()}: udp 4789`, `${hosts.names[2]} → ${first()}: udp 4789`],
  });
  expect(error?.hint).toContain('4789/udp');
  expect(await hosts.on(first(), packages)).toBe(before);
});

test('`up` makes bare machines a cluster that the app answers from; a second one changes nothing', async () => {
  const { report, exitCode, stderr } = await swarmctlJson(folder, ['up', '--yes', '--skip-bench'], env);
  expect(exitCode, JSON.stringify(report) + stderr).toBe(0);
  const { nodes, urls } = clusterOf(report, 'one');
  const ready = { role: 'manager', state: 'ready', availability: 'active' };
  expect(nodes).toMatchObject(hosts.names.map((name) => ({ name, ...ready })));
  for (const url of urls) expect(await (await fetch(`${url}/cgi-bin/index.cgi`)).text()).toContain('Hello');
  expect(urls.length).toBeGreaterThan(0);

  expect(await hosts.on(first(), 'apt-mark showhold')).toBe('docker-cli\ndocker.io');
  const labels =
    'docker node ls -q | xargs docker node inspect -f \'{{index .Spec.Labels "swarmctl.zone"}}\'';
  expect((await hosts.on(first(), labels)).split('\n').sort()).toEqual(zones);
  expect(JSON.parse(await hosts.on(first(), `cat ${daemonJson}`))).toEqual({
    'metrics-addr': '127.0.0.1:9323',
    'log-driver': 'local',
    'log-opts': { 'max-size': '10m', 'max-file': '3' },
    mtu: 1400,
  });

  const again = await swarmctlJson(folder, ['up', '--yes', '--skip-bench'], env);
  expect(clusterOf(again.report, 'one').outcome, again.stderr).toBe('unchanged');
});

test('daemon.json that somebody edited is drift, and undone without what swarmctl does not manage', async () => {
  await hosts.on(first(), `sed -i 's/1400/1300, "debug": true/' ${daemonJson}`);
  const drifted = await swarmctlJson(folder, ['drift-check'], env);
  expect(drifted.exitCode, drifted.stderr).toBe(2);
  expect(clusterOf(drifted.report, 'one').drift?.findings).toMatchObject([
    {
      kind: 'drift',
      type: 'Engine',
      name: first(),
      fields: [{ path: 'daemon.mtu', expected: 1400, found: 1300 }],
    },
  ]);

  // With one of three managers down, the engine of another is needed as it is.
  const [, , third = ''] = hosts.names;
  await hosts.on(third, 'service docker stop');
  await waitForReachability('unreachable');
  const untouched = `pgrep dockerd; cat ${daemonJson}; docker node inspect -f '{{json .Spec}}' self`;
  const found = await hosts.on(first(), untouched);
  const refused = await swarmctlJson(folder, ['up', '--yes', '--skip-bench'], env);
  expect(clusterOf(refused.report, 'one').error, refused.stderr).toMatchObject({ code: 'quorum-refused' });
  expect(await hosts.on(first(), untouched)).toBe(found);
  await hosts.on(third, 'service docker start');
  await waitForReachability('reachable');

  const { report, exitCode, stderr } = await swarmctlJson(folder, ['up', '--yes', '--skip-bench'], env);
  expect(exitCode, JSON.stringify(report) + stderr).toBe(0);
  expect(JSON.parse(await hosts.on(first(), `cat ${daemonJson}`))).toMatchObject({ mtu: 1400, debug: true });
  const running = "docker info -f '{{.Debug}} {{.Swarm.LocalNodeState}}'";
  expect(await hosts.on(first(), running)).toBe('true active');
  const availability = "docker node inspect self -f '{{.Spec.Availability}}'";
  expect(await hosts.on(first(), availability)).toBe('active');
});

/** Of the third manager, as the first one sees it. */
async function waitForReachability(wanted: string): Promise<void> {
  const format =
    '{{.Description.Hostname}} {{with .ManagerStatus}}{{.Reachability}}{{end}} {{.Status.State}}';
  const list = `docker node ls -q | xargs docker node inspect -f '${format}'`;
  const state = wanted === 'reachable' ? 'ready' : '';
  const check = async () => {
    const nodes = await hosts.on(first(), list).catch(() => '');
    const own = (hosts.names[2] ?? '').replaceAll('-', '');
    return nodes.split('\n').some((line) => line.startsWith(`${own} ${wanted} ${state}`)) || undefined;
  };
  await waitUntil(`The third manager ${wanted}`, check, { deadlineMs: 120_000 });
}

test('`destroy` leaves the machines as they were found, where that is asked for', async () => {
  const { exitCode, stdout, stderr } = await swarmctl(folder, ['destroy', '--yes'], env);
  expect(exitCode, stdout + stderr).toBe(0);
  expect(await hosts.on(first(), packages)).toBe(before);
  const left =
    'ls -d /etc/docker /var/lib/swarmctl /run/docker.sock 2>/dev/null; pgrep dockerd; ls -A /var/lib/docker';
  expect(await hosts.on(first(), `{ ${left}; } || :`)).toBe('');
});
