import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { waitUntil } from '../src/docker/deadline.ts';
import { packageRoot } from '../src/package-root.ts';
import { mapParallel } from '../src/pipeline/parallel.ts';
import type { DriftFinding, Report } from '../src/report/report.ts';
import { edits, makeEdits, swarmEdits } from './drift-edits.ts';
import { swarmEvents, versions } from './lab-swarms.ts';
import { filesBelow } from './leaks.ts';
import {
  clusterOf,
  docker,
  dockerOn,
  mainJson,
  makeFleetFolder,
  removeFleet,
  start,
  swarmctl,
  swarmctlJson,
} from './swarmctl.ts';

const lab = inject('lab');

/** Such as `Service e2e-lab_web`, with the problems of each. */
function problemsOf(report: Report, cluster: string): DriftFinding[] {
  return clusterOf(report, cluster).drift?.findings.filter(({ level }) => level === 'problem') ?? [];
}

/** Each field of each problem, as `Service lab_web: spec.Labels.a`; `gone` and the like where there is no field. */
function fieldsOf(findings: readonly DriftFinding[]): string[] {
  return findings.flatMap(({ type, name, check, fields }) =>
    fields.length > 0 ? fields.map(({ path }) => `${type} ${name}: ${path}`) : [`${type} ${name}: ${check}`],
  );
}

/** Everything in a fleet's folder, byte by byte. */
async function contentsOf(folder: string): Promise<Map<string, string>> {
  const files = await filesBelow(folder);
  const texts = await Promise.all(files.map((file) => readFile(file, 'latin1')));
  return new Map(files.map((file, index) => [file, texts[index] ?? '']));
}

/** As many as keep the machine busy without being late because of each other. */
const atOnce = 4;

describe('an untouched fleet', () => {
  test('is clean each time, and nothing is written to it or to its folder', async () => {
    const before = [await versions(), await contentsOf(lab.folder)];
    const since = Math.ceil(Date.now() / 1_000);
    const checks = await mapParallel(Array.from({ length: 20 }), atOnce, () =>
      mainJson(lab.folder, ['drift-check', '--unmanaged', 'drift']),
    );
    for (const { report, exitCode, stderr } of checks) {
      expect(exitCode, JSON.stringify(report) + stderr).toBe(0);
      expect(report.clusters.map(({ outcome, drift }) => [outcome, drift?.findings])).toEqual([
        ['unchanged', []],
        ['unchanged', []],
      ]);
      for (const { drift } of report.clusters) expect(drift?.compared).toBeGreaterThanOrEqual(15);
    }
    expect([await versions(), await contentsOf(lab.folder)]).toEqual(before);
    expect(await swarmEvents(since)).toEqual([]);
  });
});

describe('what somebody changed by hand', () => {
  const manager = 'e2e-drift-one-manager-1';
  const worker = 'e2e-drift-one-worker-1';
  let folder: string;

  beforeAll(async () => {
    const compose = await readFile(join(packageRoot, 'e2e', 'fixtures', 'drift.yaml'), 'utf8');
    folder = await makeFleetFolder({
      'swarmctl.yaml': `fleet: e2e-drift\ndefaults: { managers: 1, workers: 1 }\nclusters: { one: {} }\napps: [compose.yaml]\n`,
      'compose.yaml': compose,
      'drift.yaml': compose,
      'token.txt': 'canary-of-the-token',
    });
    await expectSuccess('up', '--yes', '--skip-bench');
    await prepareEdits();
  });

  afterAll(() => removeFleet(folder));

  async function expectSuccess(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await swarmctl(folder, args);
    expect(exitCode, stdout + stderr).toBe(0);
    return stdout;
  }

  async function check(...args: string[]) {
    const { report, exitCode } = await swarmctlJson(folder, ['drift-check', ...args]);
    return { exitCode, report, problems: problemsOf(report, 'one') };
  }

  /** An image of another name, and objects that are swapped in; made by no stack, so nobody else's business. */
  async function prepareEdits(): Promise<void> {
    const image = await dockerOn(manager, 'images', '--quiet', 'swarmctl/hello:1');
    for (const node of [manager, worker]) await dockerOn(node, 'tag', image, 'swarmctl/other:1');
    for (const kind of ['secret', 'config'])
      await dockerOn(manager, kind, 'create', 'by-hand', '/etc/hostname');
  }

  test('is found with its field, of secrets without a value', async () => {
    await makeEdits(manager);
    const { exitCode, report, problems } = await check();
    expect(exitCode).toBe(2);
    const found = fieldsOf(problems);
    const expected = [...edits, ...swarmEdits].map(({ resource, field }) => `${resource}: ${field}`);
    expect(expected.length).toBeGreaterThanOrEqual(40);
    expect(expected.filter((field) => !found.some((one) => one.startsWith(field)))).toEqual([]);
    expect(problems.every(({ kind, since }) => kind !== 'drift' || since !== undefined)).toBe(true);
    expect(JSON.stringify(report)).not.toMatch(/(old|new)-password/);
    expect(fieldOf(problems, 'Env.CHANGED')).toEqual({ expected: '1', found: '2' });
    expect(fieldOf(problems, 'Env.DB_PASSWORD')).toEqual({ secret: true });
  });

  function fieldOf(problems: readonly DriftFinding[], end: string) {
    const { path: _, ...values } =
      problems.flatMap(({ fields }) => fields).find(({ path }) => path.endsWith(end)) ?? {};
    return values;
  }

  test('is not told while `up` works on it, and undone by that', async () => {
    const up = start(folder, ['up', '--yes', '--skip-bench', '--allow-deletes']);
    await new Promise<void>((resolve, reject) => {
      up.stderr.on('data', (chunk: Buffer) => chunk.toString().includes('refresh started') && resolve());
      up.then(() => reject(new Error('up ended before it began')), reject);
    });
    const busy = await check();
    expect(busy.exitCode).toBe(1);
    expect(clusterOf(busy.report, 'one')).toMatchObject({ outcome: 'failed', error: { code: 'locked' } });
    expect(clusterOf(busy.report, 'one').drift).toBeUndefined();
    const { exitCode, stdout, stderr } = await up;
    expect(exitCode, stdout + stderr).toBe(0);
    const clean = await check();
    expect(fieldsOf(clean.problems)).toEqual([]);
    expect(clean.exitCode).toBe(0);
  });

  test('is found where it was removed, made again or added, and counted once where that is asked for', async () => {
    await dockerOn(manager, 'service', 'rm', 'e2e-drift_removed');
    await dockerOn(manager, 'service', 'scale', '--detach', 'e2e-drift_plain=2');
    await dockerOn(
      manager,
      'service',
      'create',
      '--detach',
      '--name',
      'foreign',
      'swarmctl/other:1',
      'sleep',
      '9999',
    );
    const label = ['--label', 'com.docker.stack.namespace=e2e-drift'];
    await insist('secret', 'rm', await nameOf('secret', 'e2e-drift_lost'));
    await insist('network', 'rm', 'e2e-drift_front');
    await insist('network', 'create', '--driver', 'overlay', ...label, 'e2e-drift_front');

    const first = await check('--unmanaged', 'drift', '--since-last', '--prometheus', 'drift.prom');
    const gone = [
      'Network e2e-drift_front: gone',
      'Service e2e-drift_plain: spec.Mode.Replicated.Replicas',
      'Service e2e-drift_removed: gone',
      'Service foreign: unmanaged',
    ];
    expect(fieldsOf(first.problems)).toEqual(expect.arrayContaining(gone));
    expect(first.problems.map(({ type, name }) => `${type} ${name}`).join()).toContain(
      'Secret e2e-drift_lost',
    );
    expect(first.exitCode).toBe(2);
    const metrics = await readFile(join(folder, 'drift.prom'), 'utf8');
    expect(metrics).toContain('swarmctl_drift_resources{cluster="one",kind="drift"} 4\n');
    expect(metrics).toContain('swarmctl_drift_check_success 1\n');

    const second = await check('--unmanaged', 'drift', '--since-last');
    expect(fieldsOf(second.problems.filter(({ kind }) => kind === 'drift'))).toEqual([]);
    expect(
      clusterOf(second.report, 'one').drift?.findings.filter(({ level }) => level === 'known'),
    ).not.toEqual([]);
    await dockerOn(manager, 'service', 'rm', 'foreign');
  });

  async function nameOf(kind: string, name: string): Promise<string> {
    return dockerOn(manager, kind, 'ls', '--filter', `name=${name}`, '--format', '{{.Name}}');
  }

  /** Until the last task is gone, the swarm keeps what it used. */
  async function insist(...command: string[]): Promise<void> {
    const done = () =>
      dockerOn(manager, ...command).then(
        () => true as const,
        () => undefined,
      );
    await waitUntil(command.join(' '), done, { deadlineMs: 60_000 });
  }

  test('is undone by `drift-check --fix`, behind the guards of `up`', async () => {
    const { exitCode, report } = await check('--fix', '--yes');
    expect(exitCode, JSON.stringify(report)).toBe(0);
    const { drift, outcome } = clusterOf(report, 'one');
    expect(outcome).toBe('updated');
    expect(fieldsOf(drift?.fixed ?? [])).toContain('Service e2e-drift_removed: gone');
    expect(drift?.findings).toEqual([]);
  });

  test('is let be by a rule of the fleet file, or accepted by `refresh`', async () => {
    await dockerOn(manager, 'service', 'update', '--detach', '--label-add', 'by=hand', 'e2e-drift_plain');
    const file = join(folder, 'swarmctl.yaml');
    const text = await readFile(file, 'utf8');
    const rule = '{ match: Service e2e-drift_plain spec.Labels.*, reason: a trial, until: 9999-12-31 }';
    await writeFile(file, `${text}drift: { ignore: [${rule}] }\n`);
    expect((await check()).exitCode).toBe(0);
    await writeFile(file, text);
    expect((await swarmctl(folder, ['refresh'])).exitCode).toBe(4);
    expect((await check()).exitCode).toBe(2);
    expect(await expectSuccess('refresh', '--yes')).toContain('accepted');
    const accepted = await check('--pending');
    expect(accepted.problems.map(({ kind, name }) => [kind, name])).toEqual([['pending', 'e2e-drift_plain']]);
  });

  test('a worker that is stopped is a fault, and one whose engine comes back with other settings', async () => {
    await docker('exec', worker, 'sed', '-i', 's/"local"/"json-file"/', '/etc/docker/daemon.json');
    await docker('stop', '--time', '0', worker);
    const { exitCode, problems } = await check();
    expect(exitCode).toBe(2);
    const faults = problems.filter(({ type, name }) => type === 'Node' && name === worker);
    expect(faults.map(({ kind }) => kind)).toContain('fault');

    await docker('start', worker);
    let seen: string[] = [];
    const isTold = async () => {
      const now = await check();
      seen = fieldsOf(now.problems);
      return seen.some((field) => /^Node e2e-drift-one-\S+: log-driver$/.test(field)) || undefined;
    };
    await waitUntil('the fault of the settings', isTold, {
      deadlineMs: 120_000,
      describe: () => seen.join(),
    });
  });
});

describe('clusters that fail', () => {
  const east = 'e2e-lab-us-east-1-manager-';
  const west = [1, 2, 3].map((index) => `e2e-lab-eu-west-1-manager-${index}`);

  test('a leader that is killed is a fault, after the election; no quorum is no result, and both are told', async () => {
    const state = await contentsOf(join(lab.folder, '.swarmctl', 'state'));
    const status = await swarmctlJson(lab.folder, ['status', '-c', 'us-east-1']);
    const leader = clusterOf(status.report, 'us-east-1').nodes.find((node) => node.leader)?.name ?? '';
    expect(leader).toContain(east);
    const paused = west.slice(1);
    await docker('pause', ...paused);
    await docker('kill', leader);
    try {
      await waitUntil('the loss of the quorum', hasNoQuorum, { deadlineMs: 60_000 });
      const { report, exitCode } = await swarmctlJson(lab.folder, ['drift-check']);
      expect(exitCode, JSON.stringify(report)).toBe(1);
      const [first, second] = [clusterOf(report, 'us-east-1'), clusterOf(report, 'eu-west-1')];
      expect(first.error).toBeUndefined();
      expect(first.outcome).toBe('drifted');
      const faults = problemsOf(report, 'us-east-1');
      expect(faults.some(({ type, name }) => type === 'Node' && name === leader)).toBe(true);
      expect(faults.filter(({ kind }) => kind === 'drift')).toEqual([]);
      expect(second).toMatchObject({ outcome: 'failed', error: { code: 'no-quorum' } });
      paused.unshift(west[0] ?? '');
      await docker('pause', west[0] ?? '');
      const silent = await swarmctlJson(lab.folder, ['drift-check', '-c', 'eu-west-1']);
      expect(silent.exitCode).toBe(1);
      expect(clusterOf(silent.report, 'eu-west-1').error?.code).toBe('unreachable');
      expect(await contentsOf(join(lab.folder, '.swarmctl', 'state'))).toEqual(state);
    } finally {
      await docker('start', leader);
      await docker('unpause', ...paused);
    }
    await waitUntil('the lab being clean again', labIsClean, { deadlineMs: 180_000, describe: () => seen });
  });

  /** A leader answers for some seconds more after it has lost the others. */
  async function hasNoQuorum(): Promise<true | undefined> {
    return dockerOn(west[0] ?? '', 'node', 'ls').then(
      () => undefined,
      () => true as const,
    );
  }

  let seen = '';
  async function labIsClean(): Promise<true | undefined> {
    const { exitCode, stdout, stderr } = await swarmctl(lab.folder, ['drift-check']);
    seen = stdout + stderr;
    return exitCode === 0 ? true : undefined;
  }
});
