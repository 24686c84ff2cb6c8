import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AwsStandIn, serveAws } from './aws-stand-in.ts';
import { instanceMachinery, makeAwsClient } from './instances.ts';
import { clusterOf, copyExampleApp, docker, makeFleetFolder, swarmctl, swarmctlJson } from './swarmctl.ts';

/** The whole way of the target aws, with a stand-in for AWS: no instance of this test was ever in AWS. */
const fleet = 'e2e-aws';
const fleetFile = `fleet: ${fleet}
target: aws
aws: { ssh-key: key, account: "123456789012" }
link: true
global: { name: shop.example.com, zone: Z0123456789ABC, policy: failover }
defaults: { managers: 1, load-balancer: public }
clusters:
  us-east-1: { workers: 1 }
  eu-west-1: { ssh-cidrs: [198.51.100.0/24] }
apps: [compose.yaml]
`;
const regions = ['--target', 'aws', '--regions', 'us-east-1,eu-west-1'];

let folder: string;
let standIn: AwsStandIn;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await makeFleetFolder({ 'swarmctl.yaml': fleetFile });
  await copyExampleApp(folder);
  // One node has each port once.
  const compose = join(folder, 'compose.yaml');
  await writeFile(compose, (await readFile(compose, 'utf8')).replace('replicas: 2', 'replicas: 1'));
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]);
  standIn = await serveAws(await instanceMachinery(fleet));
  env = {
    PATH: `${await makeAwsClient(folder)}:${process.env.PATH}`,
    PULUMI_DEBUG_PROVIDERS: `aws:${standIn.port}`,
    // A CI system would have to say where the state outlives it.
    CI: '',
    PULUMI_CONFIG_PASSPHRASE: 'of the test',
  };
});

afterAll(async () => {
  standIn?.close();
  await rm(folder, { recursive: true });
});

test('credentials of another account: nothing is touched', async () => {
  const file = join(folder, 'swarmctl.yaml');
  await writeFile(file, fleetFile.replace('123456789012', '210987654321'));
  const { exitCode, stderr } = await swarmctl(folder, ['up', '--yes', '--skip-bench'], env);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("The AWS credentials are of the account 123456789012, which is not this fleet's.");
  expect(standIn.resources.size).toBe(0);
  await writeFile(file, fleetFile);
});

test('from nothing to apps that answer', async () => {
  const { report, stderr } = await swarmctlJson(folder, ['up', ...regions, '--yes', '--skip-bench'], env);
  expect(report.ok, stderr + JSON.stringify(report)).toBe(true);
  for (const name of ['us-east-1', 'eu-west-1']) {
    const { urls } = clusterOf(report, name);
    const [url = ''] = urls;
    expect(await (await fetch(url)).text()).toContain(`Hello from ${fleet}-${name}-`);
  }
});

test('what is asked of AWS: locked instances, each in the range of its cluster', () => {
  const instances = [...standIn.resources.values()].filter(({ type }) => type === 'Instance');
  expect(instances).toHaveLength(3);
  for (const { inputs } of instances)
    expect(inputs.metadataOptions).toMatchObject({ httpTokens: 'required', httpPutResponseHopLimit: 1 });
  const managers = instances.flatMap(({ inputs }) => (inputs.privateIp ? [inputs.privateIp] : []));
  expect(managers.toSorted()).toEqual(['10.10.0.16', '10.11.0.16']);
});

test('no token of a swarm is in the user data, and no host key is in plain in the state', async () => {
  const [instance] = (await docker('ps', '--quiet', '--filter', `label=swarmctl.fleet=${fleet}`)).split('\n');
  const userData = await docker('exec', instance ?? '', 'cat', '/var/lib/cloud/seed/nocloud/user-data');
  expect(userData).toMatch(/^#cloud-config\n/);
  expect(userData).not.toContain('SWMTKN');
  expect(userData).toContain('OPENSSH PRIVATE KEY');
  for (const text of await filesBelow(join(folder, '.swarmctl'))) {
    expect(text).not.toContain('OPENSSH PRIVATE KEY');
    expect(text).not.toContain('SWMTKN');
  }
});

test('the user data is as cloud-init and shellcheck want it', async () => {
  const [instance = ''] = (await docker('ps', '--quiet', '--filter', `label=swarmctl.fleet=${fleet}`)).split(
    '\n',
  );
  const seed = '/var/lib/cloud/seed/nocloud/user-data';
  const schema = await docker('exec', instance, 'cloud-init', 'schema', '--config-file', seed);
  expect(schema).toContain('Valid schema');
  await docker('exec', instance, 'shellcheck', '/var/lib/swarmctl/install-engine.sh');
});

test('access is by SSM where no range may reach port 22, else directly', async () => {
  const config = (name: string) => readFile(join(folder, '.swarmctl', 'ssh', `${name}.config`), 'utf8');
  expect(await config('us-east-1')).toMatch(
    /HostName i-[0-9a-f]{16}\n[\s\S]*ProxyCommand aws ssm start-session/,
  );
  expect(await config('eu-west-1')).toMatch(/HostName 10\.11\.0\.16\n/);
  expect(await config('eu-west-1')).not.toContain('ProxyCommand');
});

test('the published port has a listener whose targets are checked', () => {
  expect(inputsOf('Listener').map(({ port }) => port)).toEqual([8080, 8080]);
  const check = { protocol: 'TCP' };
  expect(inputsOf('TargetGroup').map(({ healthCheck }) => healthCheck)).toMatchObject([check, check]);
});

test('the networks are linked, each leads to the other, and one name is in front of both', () => {
  expect(inputsOf('VpcPeeringConnection')).toHaveLength(1);
  expect(peerRoutes().map(([, { inputs }]) => inputs.destinationCidrBlock)).toEqual(
    expect.arrayContaining(['10.10.0.0/16', '10.11.0.0/16']),
  );
  const records = inputsOf('Record').map((record) => [record.setIdentifier, record.failoverRoutingPolicies]);
  expect(Object.fromEntries(records)).toEqual({
    'us-east-1': [{ type: 'PRIMARY' }],
    'eu-west-1': [{ type: 'SECONDARY' }],
  });
});

test('a second run brings back the route that is gone, and nothing else; another checkout finds the machines by the state', async () => {
  loseRoute();
  await rm(join(folder, '.swarmctl', 'ssh'), { recursive: true });
  const { report, stderr } = await swarmctlJson(folder, ['up', '--yes', '--skip-bench'], env);
  const outcomes = report.clusters.map(({ name, outcome }) => `${name} ${outcome}`);
  expect(outcomes, stderr).toEqual(['us-east-1 unchanged', 'eu-west-1 unchanged', 'fleet.links updated']);
  expect(report.clusters.at(-1)).toMatchObject({ fleetWide: true, steps: [{ op: 'create', type: 'Route' }] });
  expect(peerRoutes()).toHaveLength(2);
});

test('such a route is drift, and there is no other', async () => {
  loseRoute();
  const { report, stderr } = await swarmctlJson(folder, ['drift-check'], env);
  expect(report.exitCode, stderr).toBe(2);
  const findings = report.clusters.map(({ name, drift }) => [
    name,
    drift?.findings.map(({ type, check }) => `${type} ${check}`),
  ]);
  expect(findings).toEqual([
    ['us-east-1', []],
    ['eu-west-1', []],
    ['fleet.links', ['Route gone']],
  ]);
});

test('a machine that shows another host key is not spoken to', async () => {
  const file = join(folder, '.swarmctl', 'ssh', 'eu-west-1.known_hosts');
  const [own = ''] = (await readFile(file, 'utf8')).split('\n');
  const other = (await readFile(join(folder, 'key.pub'), 'utf8')).split(' ')[1];
  await writeFile(file, `${own.split(' ')[0]} ssh-ed25519 ${other}\n`);
  const { exitCode, stderr } = await swarmctl(folder, ['ps', '--clusters', 'eu-west-1'], env);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('has changed');
  await writeFile(file, `${own}\n`);
});

test('a cluster is unlinked before it is destroyed; the name stays in front of the other one', async () => {
  const args = ['destroy', '--clusters', 'us-east-1', '--yes'];
  const { report, stderr } = await swarmctlJson(folder, args, env);
  expect(report.ok, stderr + JSON.stringify(report)).toBe(true);
  expect(inputsOf('VpcPeeringConnection')).toEqual([]);
  expect(inputsOf('Record').map(({ setIdentifier }) => setIdentifier)).toEqual(['eu-west-1']);
});

test('destroy leaves nothing', async () => {
  const { exitCode, stdout, stderr } = await swarmctl(folder, ['destroy', '--yes'], env);
  expect(exitCode, stdout + stderr).toBe(0);
  expect([...standIn.resources.values()]).toEqual([]);
  expect(await docker('ps', '--all', '--quiet', '--filter', `label=swarmctl.fleet=${fleet}`)).toBe('');
});

function inputsOf(type: string) {
  const some = [...standIn.resources.values()].filter((resource) => resource.type === type);
  return some.map(({ inputs }) => inputs);
}

function peerRoutes() {
  return [...standIn.resources].filter(
    ([, { type, inputs }]) => type === 'Route' && inputs.vpcPeeringConnectionId,
  );
}

function loseRoute(): void {
  const [id = ''] = peerRoutes()[0] ?? [];
  expect(standIn.resources.delete(id)).toBe(true);
}

async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')));
}
