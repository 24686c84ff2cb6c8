import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../src/docker/deadline.ts';
import type { DriftFinding, NodeReport } from '../src/report/report.ts';
import { filesWith, formsOf, watchForLeaks } from './leaks.ts';
import {
  clusterOf,
  docker,
  dockerOn,
  makeFleetFolder,
  type Result,
  removeFleet,
  start,
  swarmctl,
} from './swarmctl.ts';

const managers = [1, 2, 3].map((index) => `e2e-lock-one-manager-${index}`);
const [first = '', second = '', third = ''] = managers;
/** All managers stand in one zone. */
const fleet = (settings: string) =>
  `fleet: e2e-lock\nclusters: { one: { ${settings}, labels: { swarmctl.zone: a } } }\n`;

let folder: string;
/** All that was written by commands that show no key. */
const results: Result[] = [];
const keys: string[] = [];
let leaks: () => Promise<string[]> = async () => [];

beforeAll(async () => {
  folder = await makeFleetFolder({ 'swarmctl.yaml': fleet('autolock: true') });
  await mkdir(join(folder, 'tmp'));
  const formed = await run(['up', '--yes', '--skip-bench', '--json']);
  expect(formed.exitCode, formed.stdout + formed.stderr).toBe(0);
  expect(formed.stderr).toContain('The loss of zone a would take the quorum: 3 of 3 managers are in it');
  await watchKey();
});

afterAll(() => removeFleet(folder));

async function run(args: string[]): Promise<Result> {
  const result = await swarmctl(folder, args, { TMPDIR: join(folder, 'tmp') });
  results.push(result);
  return result;
}

async function runJson(args: string[]) {
  const result = await run([...args, '--json']);
  return { ...result, cluster: clusterOf(JSON.parse(result.stdout), 'one') };
}

/** The key that a manager has, which no process is given and no file holds from now on. */
async function watchKey(): Promise<void> {
  const before = leaks;
  const key = await dockerOn(first, 'swarm', 'unlock-key', '--quiet');
  keys.push(key);
  const now = watchForLeaks([key], folder);
  leaks = async () => [...(await before()), ...(await now())];
}

async function restart(...nodes: string[]): Promise<void> {
  await docker('restart', '--time', '1', ...nodes);
  await Promise.all(nodes.map((node) => waitForState(node, 'locked')));
}

async function waitForState(node: string, wanted: string): Promise<void> {
  let state = '';
  const check = async () => {
    // While its engine starts, it has no answer.
    state = await dockerOn(node, 'info', '--format', '{{.Swarm.LocalNodeState}}').catch(String);
    return state === wanted ? true : undefined;
  };
  await waitUntil(`${node} ${wanted}`, check, { deadlineMs: 120_000, describe: () => state });
}

/** The next `up` changes it, in the swarm as it is. */
async function expectSwitched(): Promise<void> {
  const swarm = () => dockerOn(first, 'info', '--format', '{{.Swarm.Cluster.ID}}');
  const before = await swarm();
  const { cluster } = await runJson(['up', '--yes', '--skip-bench']);
  expect(cluster.steps).toEqual([{ op: 'update', type: 'Swarm', name: 'one', fields: ['autolock'] }]);
  expect(await swarm()).toBe(before);
}

const statesOf = (nodes: NodeReport[]) => nodes.map(({ state }) => state);
const checksOf = (findings: DriftFinding[] = []) =>
  findings.map(({ type, name, check, fields }) => [type, name, check, ...fields.map(({ path }) => path)]);

test('the state has the key from the start', async () => {
  expect((await swarmctl(folder, ['unlock-key'])).stdout).toBe(keys[0]);
});

test('a manager that was restarted is called locked, and unlocked with the key of the state', async () => {
  await restart(second);
  // As if a run had been killed that had changed it: the state has the one before.
  await dockerOn(first, 'swarm', 'unlock-key', '--rotate', '--quiet');
  await watchKey();
  const status = await runJson(['status']);
  expect(status.exitCode, status.stderr).toBe(0);
  expect(statesOf(status.cluster.nodes)).toEqual(['ready', 'locked', 'ready']);
  const check = await runJson(['drift-check']);
  expect(check.exitCode, check.stdout).toBe(2);
  expect(checksOf(check.cluster.drift?.findings)).toEqual(
    expect.arrayContaining([
      ['Node', second, 'locked'],
      ['Swarm', 'one', 'changed', 'unlockKeyId'],
    ]),
  );
  const unlock = await runJson(['unlock']);
  expect(unlock.exitCode, unlock.stdout + unlock.stderr).toBe(0);
  expect(unlock.cluster).toMatchObject({ outcome: 'updated', steps: [{ type: 'Node', name: second }] });
  expect(statesOf(unlock.cluster.nodes)).toEqual(['ready', 'ready', 'ready']);
  expect((await runJson(['unlock'])).cluster).toMatchObject({ outcome: 'unchanged', steps: [] });
});

test('a key that the state lacks is taken over by `up`', async () => {
  expect((await runJson(['up', '--yes', '--skip-bench'])).cluster.outcome).toBe('unchanged');
  expect((await swarmctl(folder, ['unlock-key'])).stdout).toBe(keys[1]);
});

test('where all are locked that is said, nothing is taken for gone, and `up` unlocks them first', async () => {
  await restart(...managers);
  const { exitCode, cluster } = await runJson(['status']);
  expect(exitCode).toBe(1);
  expect(cluster.error).toMatchObject({
    code: 'manager-locked',
    message: 'No reachable manager has a quorum: 3 managers are locked.',
  });
  const up = await runJson(['up', '--yes', '--skip-bench']);
  expect(up.exitCode, up.stdout + up.stderr).toBe(0);
  for (const name of managers) expect(up.stderr).toContain(`Unlocked ${name}.`);
  expect(up.cluster).toMatchObject({ outcome: 'unchanged', steps: [] });
});

test('a rotation that a manager slept through: `watch` unlocks it with the key before', async () => {
  await docker('stop', '--time', '1', third);
  expect((await run(['unlock-key', '--rotate'])).exitCode).toBe(0);
  await watchKey();
  const { stdout } = await swarmctl(folder, ['unlock-key', '--json']);
  expect(JSON.parse(stdout).clusters).toMatchObject([{ unlockKeys: [keys[2], keys[1], keys[0]] }]);
  expect(new Set(keys).size).toBe(3);

  const watch = start(folder, ['watch', '--interval', '1'], { TMPDIR: join(folder, 'tmp') });
  let told = '';
  watch.stdout?.on('data', (text) => {
    told += text;
  });
  await docker('start', third);
  const unlocked = async () => (told.includes(`${third} was unlocked`) ? true : undefined);
  await waitUntil('watch unlocking', unlocked, { deadlineMs: 120_000, describe: () => told });
  watch.kill('SIGTERM');
  const { exitCode, stderr } = await watch;
  results.push({ exitCode, stdout: told, stderr: String(stderr) });
  expect(exitCode, String(stderr)).toBe(0);
  expect(told).toContain(`${third} is locked`);
  expect(await dockerOn(third, 'info', '--format', '{{.Swarm.LocalNodeState}}')).toBe('active');
});

test('switched off by hand it is drift, and switched on again in place', async () => {
  await dockerOn(first, 'swarm', 'update', '--autolock=false');
  const { cluster } = await runJson(['drift-check']);
  expect(cluster.drift?.findings).toContainEqual(
    expect.objectContaining({
      type: 'Swarm',
      name: 'one',
      fields: [{ path: 'autolock', expected: true, found: false }],
    }),
  );
  await expectSwitched();
  await watchKey();
});

test('a join token is changed, and not shown', async () => {
  const token = () => dockerOn(first, 'swarm', 'join-token', '--quiet', 'worker');
  const before = await token();
  const { exitCode, stdout, stderr } = await run(['join-token', 'worker', '--rotate']);
  expect(exitCode, stderr).toBe(0);
  expect(await token()).not.toBe(before);
  expect(stdout + stderr).not.toContain('SWMTKN');
});

test('no argument, environment, file or output has held a key in clear', async () => {
  expect(await leaks()).toEqual([]);
  expect(await filesWith(keys, folder)).toEqual([]);
  const outputs = results.map(({ stdout, stderr }) => stdout + stderr);
  const forms = keys.flatMap(formsOf);
  expect(keys).toHaveLength(4);
  expect(outputs.flatMap((text) => forms.filter((form) => text.includes(form)))).toEqual([]);
});

test('it is switched off in place', async () => {
  await writeFile(join(folder, 'swarmctl.yaml'), fleet('autolock: false'));
  await expectSwitched();
});

describe('the quorum', () => {
  const stubborn = 'trap "" TERM; while :; do sleep 1; done';
  const leaving = [second, third];

  beforeAll(async () => {
    for (const name of leaving)
      await execa(`docker save swarmctl/hello:1 | docker exec -i ${name} docker load`, { shell: true });
    const place = ['--mode', 'global', '--constraint', `node.hostname!=${first}`];
    const options = [...place, '--stop-grace-period', '5m', '--no-resolve-image'];
    const command = ['--entrypoint', 'sh', 'swarmctl/hello:1', '-c', stubborn];
    await dockerOn(first, 'service', 'create', '--quiet', '--name', 'stubborn', ...options, ...command);
    for (const name of leaving) await stubbornTask(name);
  });

  const inspect = (name: string, format: string, manager: string) =>
    dockerOn(manager, 'node', 'inspect', '--format', format, name);

  /** The container of the service's task on a node, which nothing but a kill stops. */
  function stubbornTask(name: string): Promise<string> {
    const task = async () => (await dockerOn(name, 'ps', '--quiet')) || undefined;
    return waitUntil('a task', task, { deadlineMs: 120_000 });
  }

  /** The first of some nodes that is so; between two leaders nobody tells. */
  function waitForNode(names: string[], format: string, wanted: string, manager: string): Promise<string> {
    const check = async () => {
      for (const name of names)
        if ((await inspect(name, format, manager).catch(() => '')) === wanted) return name;
      return undefined;
    };
    return waitUntil(`${names.join(' or ')} ${wanted}`, check, { deadlineMs: 120_000 });
  }

  test('a manager that dies after the check stops the removal of another, which takes tasks again', async () => {
    await writeFile(join(folder, 'swarmctl.yaml'), fleet('managers: 1'));
    const up = runJson(['up', '--yes', '--allow-deletes', '--skip-bench']);
    const drained = await waitForNode(leaving, '{{.Spec.Availability}}', 'drain', first);
    await docker('kill', first);
    await waitForNode([first], '{{.ManagerStatus.Reachability}}', 'unreachable', drained);
    await dockerOn(drained, 'kill', await stubbornTask(drained));
    const { cluster, stderr } = await up;
    expect(cluster.error, stderr).toMatchObject({ code: 'quorum-refused' });
    for (const name of leaving)
      expect(await inspect(name, '{{.Spec.Role}} {{.Spec.Availability}}', drained)).toBe('manager active');
    await docker('start', first);
    await waitForNode([first], '{{.ManagerStatus.Reachability}}', 'reachable', drained);
  });

  test('where the file asks for one manager, the dead one goes first', async () => {
    const tasks = await Promise.all(leaving.map(stubbornTask));
    await dockerOn(first, 'service', 'rm', 'stubborn');
    await Promise.all(leaving.map((name, index) => dockerOn(name, 'kill', tasks[index] ?? '')));
    await docker('kill', second);
    await waitForNode([second], '{{.ManagerStatus.Reachability}}', 'unreachable', first);
    const up = await runJson(['up', '--yes', '--allow-deletes', '--skip-bench']);
    expect(up.exitCode, up.stdout + up.stderr).toBe(0);
    expect(up.cluster.nodes).toMatchObject([{ name: first, leader: true }]);
  });
});
