import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../src/report/report.ts';
import { holdAnswerTo } from './engine-proxy.ts';
import { isProvider, isPulumi, processesBelow } from './processes.ts';
import {
  clusterOf,
  docker,
  dockerOn,
  makeOneNodeFleet,
  removeFleet,
  start,
  swarmctl,
  swarmctlJson,
} from './swarmctl.ts';

let folder: string;
const node = 'e2e-killed-one-manager-1';

beforeAll(async () => {
  folder = await makeOneNodeFleet('e2e-killed');
});

afterAll(() => removeFleet(folder));

type Process = Parameters<typeof isPulumi>[0];

/**
 * Runs `up` and kills processes of it when the engine has done what a request asks for, before anybody knows.
 * @param victims says which of the processes below it.
 */
async function killDuring(request: RegExp, victims: (one: Process) => boolean, withSwarmctl: boolean) {
  const proxy = await holdAnswerTo(request);
  const run = start(folder, ['up', '--yes', '--skip-bench'], { DOCKER_HOST: proxy.url });
  try {
    await Promise.race([proxy.done, run]);
    const killed = (await processesBelow(run.pid ?? 0)).filter(victims);
    expect(killed.length > 0 || withSwarmctl).toBe(true);
    for (const { pid } of killed) process.kill(pid, 'SIGKILL');
    if (withSwarmctl) run.kill('SIGKILL');
    return { pid: run.pid, killed, ...(await run) };
  } finally {
    await proxy.close();
  }
}

test('a run that is killed at any point is named by the next one, which goes on from there', async () => {
  const provider = await killDuring(/POST \S*\/containers\/create/, isProvider, false);
  expect(provider.exitCode, provider.stderr).toBe(1);
  expect(provider.stdout).toContain(`failed at Container ${node}`);
  expect(provider.stdout).not.toContain('urn:pulumi');

  const machine = await killDuring(/POST \S*\/containers\/create/, isPulumi, true);
  expect(machine.stderr).toContain(`Removed ${node}`);
  expect(await docker('ps', '--all', '--quiet', '--filter', `name=${node}`)).not.toBe('');

  const engine = await killDuring(/POST \S*\/swarm\/init/, isPulumi, false);
  expect(engine.exitCode, engine.stderr).toBe(1);
  expect(engine.stderr).toContain(`run that was cut off: process ${machine.pid} on `);
  expect(engine.stderr).toContain(`in the middle of this: creating Container ${node}`);
  expect(engine.stderr).toContain(`from a killed run: process ${machine.killed[0]?.pid} of `);
  expect(engine.stderr).toContain(`Removed ${node}`);
  expect(engine.stdout).toContain('ended from outside by SIGKILL');

  const config = await killDuring(/POST \S*\/configs\/create/, isPulumi, true);
  expect(config.stderr).toContain('in the middle of this: creating Swarm one');
  expect(config.stderr).toContain(`from a killed run: process ${engine.killed[0]?.pid} of `);

  const alone = await killDuring(/POST \S*\/services\/create/, () => false, true);
  expect(alone.stderr).toContain(`run that was cut off: process ${config.pid} on `);
  expect(alone.stderr).toMatch(/in the middle of this: .*creating Config e2e-killed_/);

  const { exitCode, report, stderr } = await swarmctlJson(folder, ['up', '--yes', '--skip-bench']);
  expect(exitCode, JSON.stringify(report) + stderr).toBe(0);
  expect(stderr).toContain(`run that was cut off: process ${alone.pid} on `);
  await expectEachOnce();
});

test('what was changed by hand is shown with its field', async () => {
  const service = ['service', 'update', '--detach', '--no-resolve-image'];
  const changes = ['--env-add', 'BY=hand', '--label-add', 'by=hand', '--limit-memory', '20M'];
  await dockerOn(
    node,
    ...service,
    ...changes,
    '--replicas',
    '2',
    '--container-label-add',
    'by=hand',
    'e2e-killed_clock',
  );
  const web = [
    '--image',
    'swarmctl/hello:by-hand',
    '--stop-grace-period',
    '20s',
    '--update-parallelism',
    '3',
  ];
  await dockerOn(node, ...service, ...web, 'e2e-killed_web');
  await dockerOn(node, 'node', 'update', '--label-add', 'by=hand', '--availability', 'pause', node);
  await dockerOn(node, 'swarm', 'update', '--task-history-limit', '7');
  const { report, exitCode } = await swarmctlJson(folder, ['preview', '--detailed-exitcode']);
  expect(exitCode, JSON.stringify(report)).toBe(2);
  const fields = clusterOf(report, 'one').steps.map(({ op, type, name, fields }) => [op, type, name, fields]);
  expect(fields).toHaveLength(4);
  expect(fields).toEqual(
    expect.arrayContaining([
      ['update', 'Swarm', 'one', ['taskHistoryLimit']],
      ['update', 'Node', node, ['availability', 'labels.by']],
      [
        'update',
        'Service',
        'e2e-killed_clock',
        expect.arrayContaining([
          'spec.Labels.by',
          'spec.Mode.Replicated.Replicas',
          'spec.TaskTemplate.ContainerSpec.Env',
          'spec.TaskTemplate.ContainerSpec.Labels.by',
          'spec.TaskTemplate.Resources.Limits.MemoryBytes',
        ]),
      ],
      [
        'update',
        'Service',
        'e2e-killed_web',
        expect.arrayContaining([
          'spec.TaskTemplate.ContainerSpec.Image',
          'spec.TaskTemplate.ContainerSpec.StopGracePeriod',
          'spec.UpdateConfig.Parallelism',
        ]),
      ],
    ]),
  );
});

test.each([
  ['was written by a newer version', (text: string) => text.replace('"version":3', '"version":99')],
  ['is damaged', (text: string) => text.slice(0, text.length / 2)],
])('a state that %s is refused, and left alone', async (words, spoil) => {
  const file = join(folder, '.swarmctl', 'state', '.pulumi', 'stacks', 'e2e-killed', 'one.json');
  const whole = await readFile(file, 'utf8');
  await writeFile(file, spoil(whole));
  const { exitCode, report } = await swarmctlJson(folder, ['up', '--yes']);
  expect(exitCode).toBe(1);
  expect(report.error).toMatchObject({ code: 'state-unreadable', message: expect.stringContaining(words) });
  expect(report.error?.hint).toBeDefined();
  expect(await readFile(file, 'utf8')).toBe(spoil(whole));
  await writeFile(file, whole);
});

test('a wrong passphrase is refused', async () => {
  const wrong = { PULUMI_CONFIG_PASSPHRASE: 'wrong' };
  const { exitCode, report } = await swarmctlJson(folder, ['up', '--yes'], wrong);
  expect(exitCode).toBe(1);
  expect(report.error?.message).toBe('The passphrase does not open the state.');
});

test('a disk that fills up in the middle fails the run, and the state that was last written is gone on from', async () => {
  const state = join(folder, '.swarmctl', 'state');
  await execa('cp', ['-a', state, `${state}.old`]);
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', state]);
  try {
    await execa('cp', ['-a', `${state}.old/.`, state]);
    const proxy = await holdAnswerTo(/POST \S*\/services\/[^/]+\/update/);
    const run = start(folder, ['up', '--yes', '--skip-bench', '--json'], { DOCKER_HOST: proxy.url });
    await Promise.race([proxy.done, run]);
    const fill = join(state, 'fill');
    await expect(writeFile(fill, Buffer.alloc(32 * 1024 * 1024))).rejects.toThrow('ENOSPC');
    proxy.release();
    expect(errorOf(await run)).toMatchObject({ code: 'state-unwritable' });
    await proxy.close();
    await dockerOn(node, 'service', 'update', '--detach', '--env-add', 'BY=hand', 'e2e-killed_clock');
    // What cannot be written leaves pieces of locks.
    expect(errorOf(await swarmctl(folder, ['up', '--yes', '--skip-bench', '--json']))).toMatchObject({
      code: 'state-unwritable',
    });
    await rm(fill);
    const { exitCode, report } = await swarmctlJson(folder, ['up', '--yes', '--skip-bench']);
    expect(exitCode, JSON.stringify(report)).toBe(0);
    await expectEachOnce();
    await execa('cp', ['-a', `${state}/.`, `${state}.old`]);
  } finally {
    await execa('umount', [state]);
    await execa('cp', ['-a', `${state}.old/.`, state]);
  }
});

/** The error of a cluster, or of the run where it did not come to that. */
function errorOf({ stdout }: { stdout: string }) {
  const report = JSON.parse(stdout) as Report;
  return report.error ?? clusterOf(report, 'one').error;
}

async function expectEachOnce(): Promise<void> {
  const { report, exitCode } = await swarmctlJson(folder, ['status']);
  expect(exitCode).toBe(0);
  expect(clusterOf(report, 'one').nodes.map(({ name }) => name)).toEqual([node]);
  expect(clusterOf(report, 'one').services.map(({ name }) => name)).toEqual([
    'e2e-killed_clock',
    'e2e-killed_web',
  ]);
  const label = ['--filter', 'label=swarmctl.fleet=e2e-killed', '--quiet'];
  for (const kind of [
    ['ps', '--all'],
    ['volume', 'ls'],
    ['network', 'ls'],
  ])
    expect((await docker(...kind, ...label)).split('\n')).toHaveLength(1);
  expect((await dockerOn(node, 'config', 'ls', '--quiet')).split('\n')).toHaveLength(1);
  const left = await readdir(join(folder, '.swarmctl', 'work'), { recursive: true });
  expect(left.filter((path) => path.includes('plan'))).toEqual([]);
}
