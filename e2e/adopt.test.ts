import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../src/docker/deadline.ts';
import type { ClusterReport } from '../src/report/report.ts';
import { clusterOf, docker, dockerOn, makeFleetFolder, removeFleet, swarmctlJson } from './swarmctl.ts';

const manager = 'e2e-adopt-one-manager-1';
const nodes = [manager, 'e2e-adopt-one-worker-1'];

const compose = `version: "3.12"
services:
  web:
    image: swarmctl/hello:1
    command: [nc, -ll, -p, "9000", -e, date]
    configs: [page]
    secrets: [token]
    networks: [backend]
    deploy: { replicas: 2, endpoint_mode: dnsrr, update_config: { monitor: 1s } }
  clock:
    image: swarmctl/hello:1
    command: [nc, -ll, -p, "9000", -e, date]
    networks: [backend]
    deploy: { endpoint_mode: dnsrr, update_config: { monitor: 1s } }
networks:
  backend: { driver: overlay }
configs:
  page: { file: page.txt }
secrets:
  token: { file: token.txt }
`;

let folder: string;

beforeAll(async () => {
  folder = await makeFleetFolder({
    'swarmctl.yaml': 'fleet: e2e-adopt\nclusters: { one: { managers: 1, workers: 1 } }\n',
    'compose.yaml': compose,
    'page.txt': 'a page',
    'token.txt': 'first',
  });
  const up = await swarmctlJson(folder, ['up', '--yes', '--skip-bench']);
  expect(up.exitCode, JSON.stringify(up.report) + up.stderr).toBe(0);
  await deployByHand();
  await appendFile(join(folder, 'swarmctl.yaml'), 'apps: [compose.yaml]\n');
});

afterAll(() => removeFleet(folder));

/** What somebody with the docker client does: a stack, a forced update, and a service outside of any stack. */
async function deployByHand(): Promise<void> {
  for (const node of nodes)
    await execa('sh', ['-c', `docker save swarmctl/hello:1 | docker exec -i ${node} docker load`]);
  await docker('cp', folder, `${manager}:/app`);
  await docker('exec', '-w', '/app', manager, 'docker', 'stack', 'deploy', '-c', 'compose.yaml', 'e2e-adopt');
  await dockerOn(manager, 'service', 'update', '--force', '--detach', 'e2e-adopt_clock');
  await dockerOn(
    manager,
    'service',
    'create',
    '--detach',
    '--name',
    'alone',
    'swarmctl/hello:1',
    'sleep',
    '9999',
  );
  await waitUntil('the stack running', async () => ((await isSettled()) ? true : undefined), {
    deadlineMs: 120_000,
  });
}

async function isSettled(): Promise<boolean> {
  const running = await dockerOn(manager, 'service', 'ls', '--format', '{{.Name}} {{.Replicas}}');
  const updates = await dockerOn(
    manager,
    ...['service', 'inspect', '--format', '{{with .UpdateStatus}}{{.State}}{{end}}', 'e2e-adopt_clock'],
  );
  const complete = ['e2e-adopt_web 2/2', 'e2e-adopt_clock 1/1', 'alone 1/1'];
  return complete.every((line) => running.split('\n').includes(line)) && updates === 'completed';
}

/** Ids of all tasks that run or ran, of the objects that they use, and the counters of forced updates. */
async function fingerprint(): Promise<string[]> {
  const services = ['e2e-adopt_web', 'e2e-adopt_clock', 'alone'];
  const lists = await Promise.all([
    dockerOn(manager, 'service', 'ps', '--no-trunc', '--format', '{{.ID}} {{.Name}}', ...services),
    dockerOn(manager, 'service', 'inspect', '--format', '{{.ID}} {{.Version.Index}}', ...services),
    dockerOn(manager, 'service', 'inspect', '--format', '{{.Spec.TaskTemplate.ForceUpdate}}', ...services),
    dockerOn(manager, 'network', 'inspect', '--format', '{{.Id}}', 'e2e-adopt_backend'),
    dockerOn(manager, 'secret', 'ls', '--format', '{{.ID}} {{.Name}}'),
    dockerOn(manager, 'config', 'ls', '--format', '{{.ID}} {{.Name}}'),
    docker('inspect', '--format', '{{.Id}} {{.State.StartedAt}}', ...nodes),
  ]);
  return lists.flatMap((list) => list.split('\n').sort());
}

/** What the state holds, file by file. */
async function state(): Promise<string[]> {
  const stacks = join(folder, '.swarmctl', 'state', '.pulumi', 'stacks', 'e2e-adopt');
  return Promise.all((await readdir(stacks)).sort().map((file) => readFile(join(stacks, file), 'utf8')));
}

async function run(...args: string[]): Promise<ClusterReport & { exitCode: number | undefined }> {
  const { report, exitCode } = await swarmctlJson(folder, args);
  return { ...clusterOf(report, 'one'), exitCode };
}

const up = () => run('up', '--yes', '--skip-bench');
const names = (cluster: ClusterReport) =>
  cluster.adoption?.adopted.map(({ type, name }) => `${type} ${name}`);
const ofTheStack = [
  'Network e2e-adopt_backend',
  'Config e2e-adopt_page',
  'Secret e2e-adopt_token',
  'Service e2e-adopt_clock',
  'Service e2e-adopt_web',
];

test('`up` does not deploy over a stack that it does not know', async () => {
  const before = await fingerprint();
  expect(await up()).toMatchObject({
    exitCode: 1,
    error: {
      code: 'conflict',
      details: ['Service e2e-adopt_clock', 'Service e2e-adopt_web'],
      hint: expect.stringContaining('swarmctl adopt'),
    },
  });
  expect(await fingerprint()).toEqual(before);
});

test('`adopt --dry-run` tells what it would do and leaves the state alone', async () => {
  const before = await state();
  const cluster = await run('adopt', '--dry-run');
  expect(cluster.exitCode).toBe(0);
  expect(names(cluster)?.toSorted()).toEqual(ofTheStack.toSorted());
  expect(cluster.adoption?.left).toEqual([{ type: 'Service', name: 'alone', reason: 'belongs to no stack' }]);
  expect(cluster.adoption).not.toHaveProperty('restarts');
  expect(await state()).toEqual(before);
});

test('a stack comes under management, and no task is restarted by that or by the next `up`', async () => {
  const before = await fingerprint();
  const cluster = await run('adopt', '--yes');
  expect(cluster, JSON.stringify(cluster)).toMatchObject({ exitCode: 0, outcome: 'updated', steps: [] });
  expect(names(cluster)?.toSorted()).toEqual(ofTheStack.toSorted());
  expect(cluster.adoption?.restarts).toBe(0);
  expect(await fingerprint()).toEqual(before);
  const checked = await run('drift-check');
  expect(checked.exitCode, JSON.stringify(checked)).toBe(0);
  expect(checked.drift?.findings.map(({ name, check }) => [name, check])).toEqual([['alone', 'unmanaged']]);

  expect(await up()).toMatchObject({ exitCode: 0, outcome: 'unchanged' });
  expect(await fingerprint()).toEqual(before);
  expect(await run('adopt', '--yes')).toMatchObject({ exitCode: 0, outcome: 'unchanged', steps: [] });
});

test('with the state lost, machines, swarm and apps are taken back', async () => {
  const before = await fingerprint();
  await rm(join(folder, '.swarmctl'), { recursive: true });
  expect(await up()).toMatchObject({
    exitCode: 1,
    error: {
      code: 'conflict',
      details: expect.arrayContaining([`volume ${manager}`, `container ${manager}`]),
      hint: expect.stringContaining('swarmctl adopt'),
    },
  });

  const cluster = await run('adopt', '--yes');
  expect(cluster, JSON.stringify(cluster)).toMatchObject({ exitCode: 0, outcome: 'updated', steps: [] });
  expect(names(cluster)).toEqual(
    expect.arrayContaining([
      ...nodes.flatMap((node) => [`Volume ${node}`, `Container ${node}`, `Node ${node}`]),
      'MachineNetwork e2e-adopt-one',
      'Swarm one',
      ...ofTheStack,
    ]),
  );
  expect(await up()).toMatchObject({ exitCode: 0, outcome: 'unchanged' });
  expect(await fingerprint()).toEqual(before);
});

test('a secret keeps its name until its content changes', async () => {
  await writeFile(join(folder, 'token.txt'), 'second');
  const cluster = await up();
  expect(cluster, JSON.stringify(cluster)).toMatchObject({ exitCode: 0, outcome: 'updated' });
  expect(cluster.steps.map(({ op, type }) => `${op} ${type}`).toSorted()).toEqual([
    'create Secret',
    'delete Secret',
    'update Service',
  ]);
  expect(await dockerOn(manager, 'secret', 'ls', '--format', '{{.Name}}')).toMatch(
    /^e2e-adopt_token-[0-9a-f]{12}$/,
  );
  expect(await dockerOn(manager, 'config', 'ls', '--format', '{{.Name}}')).toBe('e2e-adopt_page');
});
