import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { holdAnswerTo } from './engine-proxy.ts';
import { isProvider, isPulumi, processesBelow } from './processes.ts';
import {
  clusterOf,
  copyExampleApp,
  docker,
  dockerOn,
  makeFleetFolder,
  removeFleet,
  start,
  swarmctlJson,
} from './swarmctl.ts';

let folder: string;
const node = 'killed-one-manager-1';

beforeAll(async () => {
  folder = await makeFleetFolder({
    'swarmctl.yaml':
      'fleet: killed\ndefaults: { managers: 1 }\nclusters: { one: {} }\napps: [compose.yaml]\n',
  });
  await copyExampleApp(folder);
  // One node has each port once.
  const file = join(folder, 'compose.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace('replicas: 2', 'replicas: 1'));
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
    expect(killed.length).toBeGreaterThan(0);
    for (const { pid } of killed) process.kill(pid, 'SIGKILL');
    if (withSwarmctl) run.kill('SIGKILL');
    return { pid: run.pid, killed, ...(await run) };
  } finally {
    await proxy.close();
  }
}

test('a run that is killed at any point is named by the next one, which goes on from there', async () => {
  const machine = await killDuring(/POST \S*\/containers\/create/, isPulumi, true);
  expect(await docker('ps', '--all', '--quiet', '--filter', `name=${node}`)).not.toBe('');

  const provider = await killDuring(/POST \S*\/swarm\/init/, isProvider, false);
  expect(provider.stderr).toContain(`run that was cut off: process ${machine.pid} on `);
  expect(provider.stderr).toContain(`in the middle of this: creating Container ${node}`);
  expect(provider.stderr).toContain(`from a killed run: process ${machine.killed[0]?.pid} of `);
  expect(provider.stderr).toContain(`Removed ${node}`);
  expect(provider.exitCode, provider.stderr).toBe(1);
  expect(provider.stdout).toContain('failed at Swarm one');

  const engine = await killDuring(/POST \S*\/configs\/create/, isPulumi, false);
  expect(engine.exitCode, engine.stderr).toBe(1);
  expect(engine.stdout).toContain('ended from outside by SIGKILL');

  const service = await killDuring(/POST \S*\/services\/create/, isPulumi, true);
  expect(service.stderr).toContain(`from a killed run: process ${engine.killed[0]?.pid} of `);

  const { exitCode, report, stderr } = await swarmctlJson(folder, ['up', '--yes', '--skip-bench']);
  expect(exitCode, JSON.stringify(report) + stderr).toBe(0);
  expect(stderr).toContain(`run that was cut off: process ${service.pid} on `);
  expect(stderr).toMatch(/in the middle of this: .*creating Service killed_/);
  await expectEachOnce();
});

async function expectEachOnce(): Promise<void> {
  const { report, exitCode } = await swarmctlJson(folder, ['status']);
  expect(exitCode).toBe(0);
  expect(clusterOf(report, 'one').nodes.map(({ name }) => name)).toEqual([node]);
  expect(clusterOf(report, 'one').services.map(({ name }) => name)).toEqual(['killed_clock', 'killed_web']);
  const label = ['--filter', 'label=swarmctl.fleet=killed', '--quiet'];
  for (const kind of [
    ['ps', '--all'],
    ['volume', 'ls'],
    ['network', 'ls'],
  ])
    expect((await docker(...kind, ...label)).split('\n')).toHaveLength(1);
  expect((await dockerOn(node, 'config', 'ls', '--quiet')).split('\n')).toHaveLength(1);
}
