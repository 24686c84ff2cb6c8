import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { waitUntil } from '../src/docker/deadline.ts';
import {
  clusterOf,
  docker,
  dockerOn,
  makeFleetFolder,
  startUntil,
  swarmctl,
  swarmctlJson,
} from './swarmctl.ts';

const lab = inject('lab');

describe('of two runs on one cluster', () => {
  test('one goes on and the other names it', async () => {
    const { run: first } = await startUntil(
      lab.folder,
      ['up', '--yes', '--clusters', 'us-east-1'],
      'refresh started',
    );
    const second = await swarmctlJson(lab.folder, ['up', '--yes', '--clusters', 'us-east-1']);
    expect(second.exitCode).toBe(1);
    const { error } = clusterOf(second.report, 'us-east-1');
    expect(error?.code).toBe('locked');
    expect(error?.details?.join()).toMatch(/process \d+ on/);
    expect((await first).exitCode).toBe(0);
  });
});

test('a fleet of the same name in another folder touches nothing', async () => {
  const folder = await makeFleetFolder({ 'swarmctl.yaml': 'fleet: e2e-lab\nclusters: { us-east-1: {} }\n' });
  const { exitCode, report } = await swarmctlJson(folder, ['up', '--yes']);
  expect(exitCode).toBe(1);
  expect(clusterOf(report, 'us-east-1')).toMatchObject({
    error: { code: 'conflict' },
    changes: { create: 0 },
  });
  await expectUnchanged('us-east-1');
});

describe('with machines that fail', () => {
  const east = [1, 2, 3].map((index) => `e2e-lab-us-east-1-manager-${index}`);
  const west = [1, 2, 3].map((index) => `e2e-lab-eu-west-1-manager-${index}`);

  test('an unreachable cluster fails alone', async () => {
    await docker('stop', '--time', '0', ...west);
    try {
      const { exitCode, report } = await swarmctlJson(lab.folder, ['up', '--yes', '--skip-bench']);
      expect(exitCode).toBe(1);
      expect(clusterOf(report, 'us-east-1').outcome).toBe('unchanged');
      expect(clusterOf(report, 'eu-west-1')).toMatchObject({
        outcome: 'failed',
        error: { code: 'unreachable' },
      });
    } finally {
      await docker('start', ...west);
    }
    await expectUnchanged('eu-west-1');
  });

  test('losing the leader during a run does not fail it', async () => {
    await dockerOn(east[0] ?? '', 'service', 'update', '--detach', '--env-add', 'BY=hand', 'e2e-lab_clock');
    const leader = await leaderOf('us-east-1');
    const { run } = await startUntil(
      lab.folder,
      ['up', '--yes', '--skip-bench', '-c', 'us-east-1'],
      '] up started',
    );
    await docker('kill', leader);
    try {
      const { exitCode, stdout, stderr } = await run;
      expect(exitCode, stdout + stderr).toBe(0);
    } finally {
      await docker('start', leader);
    }
    await expectUnchanged('us-east-1');
  });

  test('without a quorum nothing is taken for gone, and an election is waited for', async () => {
    const stacks = join(lab.folder, '.swarmctl', 'state', '.pulumi', 'stacks', 'e2e-lab');
    const readState = () =>
      Promise.all(
        ['eu-west-1', 'eu-west-1.apps'].map((name) => readFile(join(stacks, `${name}.json`), 'utf8')),
      );
    const before = await readState();
    const others = west.slice(1);
    await docker('pause', ...others);
    try {
      await leaderLost(west[0] ?? '');
      const failed = await swarmctlJson(lab.folder, ['up', '--yes', '--skip-bench', '-c', 'eu-west-1']);
      expect(failed.exitCode).toBe(1);
      const { error, stages } = clusterOf(failed.report, 'eu-west-1');
      expect(error).toMatchObject({ code: 'no-quorum', message: 'No reachable manager has a quorum.' });
      expect(stages.map(({ name, outcome }) => [name, outcome])).toEqual([['refresh', 'failed']]);
      expect(await readState()).toEqual(before);

      const { run: waiting } = await startUntil(
        lab.folder,
        ['up', '--yes', '--skip-bench', '-c', 'eu-west-1'],
        'refresh started',
      );
      await docker('unpause', ...others);
      const { exitCode, stdout, stderr } = await waiting;
      expect(exitCode, stdout + stderr).toBe(0);
    } finally {
      await docker('unpause', ...others).catch(() => {});
    }
  });

  test('an engine that hangs is passed over, and when all hang it is said', async () => {
    const engines = (await Promise.all(east.map(enginePid))).map(Number);
    try {
      process.kill(engines[0] ?? 0, 'SIGSTOP');
      const passed = await swarmctlJson(lab.folder, ['preview', '-c', 'us-east-1']);
      expect(passed.exitCode, JSON.stringify(passed.report)).toBe(0);
      for (const pid of engines) process.kill(pid, 'SIGSTOP');
      const failed = await swarmctlJson(lab.folder, ['up', '--yes', '--skip-bench', '-c', 'us-east-1']);
      expect(failed.exitCode).toBe(1);
      const { error, stages } = clusterOf(failed.report, 'us-east-1');
      expect(error?.code).toBe('unreachable');
      expect(stages.map(({ name, outcome }) => [name, outcome])).toEqual([['refresh', 'failed']]);
    } finally {
      for (const pid of engines) process.kill(pid, 'SIGCONT');
    }
  });

  test('killed all at once, the machines of a cluster come back by themselves', async () => {
    const pids = (await docker('inspect', '--format', '{{.State.Pid}}', ...east)).split('\n').map(Number);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await expectUnchanged('us-east-1');
  });
});

/** The process of the engine in a local node, as this machine numbers it. */
async function enginePid(node: string): Promise<string> {
  const processes = (await docker('top', node, '-eo', 'pid,comm')).split('\n');
  return (
    processes
      .find((line) => / dockerd$/.test(line))
      ?.trim()
      .split(/\s+/)[0] ?? ''
  );
}

/** Waits until a manager has noticed that it has no quorum: until then it answers from what it knows. */
async function leaderLost(manager: string): Promise<void> {
  const noLeader = async () =>
    dockerOn(manager, 'node', 'ls').then(
      () => undefined,
      () => true as const,
    );
  await waitUntil(`${manager} losing its quorum`, noLeader, { deadlineMs: 120_000 });
}

/** Waits until the cluster's services are complete again; then `up` finds nothing to do. */
async function expectUnchanged(name: string): Promise<void> {
  let seen = '';
  const recovered = async () => {
    const { report, exitCode } = await swarmctlJson(lab.folder, ['status', '-c', name]);
    seen = JSON.stringify(report);
    const { services, nodes } = clusterOf(report, name);
    const complete = services.length === 2 && services.every(({ running, desired }) => running === desired);
    return exitCode === 0 && complete && nodes.every(({ state }) => state === 'ready') ? true : undefined;
  };
  await waitUntil(`${name} recovering`, recovered, { deadlineMs: 120_000, describe: () => seen });
  const { exitCode, stdout, stderr } = await swarmctl(lab.folder, [
    'up',
    '--yes',
    '--skip-bench',
    '-c',
    name,
  ]);
  expect(exitCode, stdout + stderr).toBe(0);
  expect(stdout).toContain('unchanged');
}

async function leaderOf(name: string): Promise<string> {
  const { report } = await swarmctlJson(lab.folder, ['status', '-c', name]);
  const leader = clusterOf(report, name).nodes.find((node) => node.leader);
  if (!leader) throw new Error(`${name} has no leader`);
  return leader.name;
}
