import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { clusters, configs, inspect, swarmEvents, versions } from './lab-swarms.ts';
import { clusterOf, dockerOn, swarmctl, swarmctlJson } from './swarmctl.ts';

const lab = inject('lab');
const composeFile = join(lab.folder, 'compose.yaml');
let compose: string;

beforeAll(async () => {
  compose = await readFile(composeFile, 'utf8');
});

/** Each test that changes the app leaves the fleet as it found it. */
async function restoreApp(): Promise<void> {
  await writeFile(composeFile, compose);
  const { exitCode, stdout, stderr } = await swarmctl(lab.folder, [
    'up',
    '--yes',
    '--allow-deletes',
    '--skip-bench',
  ]);
  expect(exitCode, stdout + stderr).toBe(0);
}

describe('the fleet that `up` made', () => {
  test('has a result per cluster, with every stage, node, service and the latency', () => {
    expect(lab.report).toMatchObject({ version: 1, command: 'up', ok: true, exitCode: 0 });
    expect(lab.report.clusters.map(({ name }) => name)).toEqual(clusters);
    for (const cluster of lab.report.clusters) {
      expect(cluster.outcome).toBe('updated');
      expect(cluster.stages.map(({ name, outcome }) => [name, outcome])).toEqual([
        ['form', 'done'],
        ['bench', 'done'],
        ['gate', 'done'],
        ['preview', 'skipped'],
        ['guard', 'done'],
        ['up', 'done'],
        ['verify', 'done'],
      ]);
      expect(cluster.changes).toMatchObject({ update: 0, replace: 0, delete: 0 });
      expect(cluster.services).toEqual([
        { name: 'e2e-lab_clock', running: 1, desired: 1, image: 'swarmctl/hello:1' },
        { name: 'e2e-lab_web', running: 2, desired: 2, image: 'swarmctl/hello:1' },
      ]);
      expect(cluster.nodes).toHaveLength(3);
      expect(cluster.nodes.filter(({ leader }) => leader)).toHaveLength(1);
      for (const node of cluster.nodes) {
        expect(node).toMatchObject({ role: 'manager', state: 'ready', availability: 'active' });
      }
      expect(cluster.bench?.simulation).toBe(true);
      for (const pair of cluster.bench?.pairs ?? []) expect(pair.samples).toBeGreaterThanOrEqual(1000);
      // Of three pairs, on both paths.
      expect(cluster.bench?.budget).toMatchObject({ checked: 6, missed: [] });
    }
  });

  test('answers over HTTP at every URL, with the greeting of its cluster', async () => {
    // Not the report of the lab: tests in files that ran before moved tasks to other nodes.
    const { report } = await swarmctlJson(lab.folder, ['status']);
    for (const [name, greeting] of [
      ['us-east-1', 'Hello'],
      ['eu-west-1', 'Bonjour'],
    ] as const) {
      const { urls } = clusterOf(report, name);
      expect(urls).toHaveLength(2);
      for (const url of urls)
        expect(await (await fetch(`${url}/cgi-bin/index.cgi`)).text()).toContain(greeting);
    }
  });

  test('has overlay address pools that do not overlap', async () => {
    const pools = await Promise.all(
      clusters.map((name) =>
        dockerOn(`e2e-lab-${name}-manager-1`, 'info', '--format', '{{.Swarm.Cluster.DefaultAddrPool}}'),
      ),
    );
    expect(new Set(pools).size).toBe(clusters.length);
    for (const pool of pools) expect(pool).toMatch(/^\[10\.1\d\d\.0\.0\/16\]$/);
  });

  test('listens on no TCP port for the Docker API', async () => {
    const hosts = await dockerOn('e2e-lab-us-east-1-manager-1', 'info', '--format', '{{.Warnings}}');
    expect(hosts).not.toContain('2375');
    const { urls } = clusterOf(lab.report, 'us-east-1');
    const address = new URL(urls[0] ?? '').hostname;
    await expect(fetch(`http://${address}:2375/version`)).rejects.toThrow();
  });
});

describe('without a change', () => {
  test('a second `up` writes nothing to the engines', async () => {
    const before = await versions();
    const since = Math.ceil(Date.now() / 1_000);
    const { report, exitCode } = await swarmctlJson(lab.folder, ['up', '--yes']);
    expect(exitCode).toBe(0);
    for (const cluster of report.clusters) {
      expect(cluster.outcome).toBe('unchanged');
      expect(cluster.changes).toMatchObject({ create: 0, update: 0, replace: 0, delete: 0 });
      expect(cluster.stages.map(({ name }) => name)).toEqual([
        'refresh',
        'bench',
        'gate',
        'preview',
        'guard',
        'up',
        'verify',
      ]);
    }
    expect(await versions()).toEqual(before);
    expect(await swarmEvents(since)).toEqual([]);
  });

  test('`preview --detailed-exitcode` ends with 0 and leaves no plan behind', async () => {
    const { exitCode, stdout } = await swarmctl(lab.folder, ['preview', '--detailed-exitcode']);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('no changes');
  });

  test('`status --json` has the same clusters, services and nodes', async () => {
    const { report, exitCode } = await swarmctlJson(lab.folder, ['status']);
    expect(exitCode).toBe(0);
    expect(report.clusters.map(({ name, services }) => [name, services])).toEqual(
      lab.report.clusters.map(({ name, services }) => [name, services]),
    );
  });
});

describe('a change', () => {
  afterEach(restoreApp);

  test('made by hand is shown with its field, and undone', async () => {
    const service = ['service', 'update', '--detach', '--env-add', 'BY=hand', 'e2e-lab_clock'];
    await dockerOn('e2e-lab-us-east-1-manager-1', ...service);
    const previewed = await swarmctlJson(lab.folder, ['preview', '--detailed-exitcode']);
    expect(previewed.exitCode).toBe(2);
    expect(previewed.report.clusters.map(({ outcome }) => outcome)).toEqual(['updated', 'unchanged']);
    expect(clusterOf(previewed.report, 'us-east-1').steps).toEqual([
      {
        op: 'update',
        type: 'Service',
        name: 'e2e-lab_clock',
        fields: ['spec.TaskTemplate.ContainerSpec.Env'],
      },
    ]);
    expect(clusterOf(previewed.report, 'eu-west-1').steps).toEqual([]);

    await restoreApp();
    const env = '{{.Spec.TaskTemplate.ContainerSpec.Env}}';
    expect(await inspect('us-east-1', 'e2e-lab_clock', env)).toBe('[]');
  });

  test('of the app updates the services in place in every cluster', async () => {
    const ids = await Promise.all(clusters.map((name) => inspect(name, 'e2e-lab_web', '{{.ID}}')));
    const since = Math.floor(Date.now() / 1_000);
    await writeFile(composeFile, compose.replace('NODE:', 'RELEASE: "2"\n      NODE:'));
    const { report, exitCode } = await swarmctlJson(lab.folder, ['up', '--yes', '--skip-bench']);
    expect(exitCode).toBe(0);
    for (const cluster of report.clusters)
      expect(cluster).toMatchObject({ outcome: 'updated', changes: { update: 1 } });
    expect(await Promise.all(clusters.map((name) => inspect(name, 'e2e-lab_web', '{{.ID}}')))).toEqual(ids);
    const env = await inspect('eu-west-1', 'e2e-lab_web', '{{.Spec.TaskTemplate.ContainerSpec.Env}}');
    expect(env).toContain('RELEASE=2');
    const updates = (await swarmEvents(since)).filter((event) => event === 'service update e2e-lab_web');
    expect(updates.length).toBeGreaterThanOrEqual(clusters.length);
  });

  test('of a config gives it a new name and moves the service; the old one stays for a rollback', async () => {
    const page = join(lab.folder, 'index.sh');
    const content = await readFile(page, 'utf8');
    const before = await configs('us-east-1');
    await writeFile(page, `${content}# changed\n`);
    try {
      const { report, exitCode } = await swarmctlJson(lab.folder, [
        'up',
        '--yes',
        '--skip-bench',
        '--clusters',
        'us-east-1',
      ]);
      expect(exitCode, JSON.stringify(report)).toBe(0);
      const after = await configs('us-east-1');
      expect(after).toHaveLength(before.length + 1);
      expect(after).toEqual(expect.arrayContaining(before));
      const mounted = '{{(index .Spec.TaskTemplate.ContainerSpec.Configs 0).ConfigName}}';
      expect(before).not.toContain(await inspect('us-east-1', 'e2e-lab_web', mounted));
    } finally {
      await writeFile(page, content);
    }
  });

  test('that the swarm rolls back is a failure that says so, and the old version runs', async () => {
    await writeFile(
      composeFile,
      compose
        .replace(/test: \["CMD", "wget".*/, 'test: ["CMD-SHELL", "echo no page yet; exit 3"]')
        .replaceAll('retries: 3', 'retries: 1')
        .replace('start_period: 10s', 'start_period: 1s'),
    );
    const { report, exitCode } = await swarmctlJson(lab.folder, [
      'up',
      '--yes',
      '--skip-bench',
      '--clusters',
      'us-east-1',
    ]);
    expect(exitCode).toBe(1);
    const { outcome, error, stages } = clusterOf(report, 'us-east-1');
    expect({ outcome, code: error?.code }).toEqual({ outcome: 'failed', code: 'rolled-back' });
    expect(error?.message).toContain('e2e-lab_web');
    expect(error?.details?.join('\n')).toMatch(
      /health check of task \w+ ended with exit code 3\n\| no page yet/,
    );
    expect(stages.at(-1)).toMatchObject({ name: 'up', outcome: 'failed' });
    const status = await swarmctlJson(lab.folder, ['status', '--clusters', 'us-east-1']);
    expect(clusterOf(status.report, 'us-east-1').services).toContainEqual({
      name: 'e2e-lab_web',
      running: 2,
      desired: 2,
      image: 'swarmctl/hello:1',
    });
  });

  test('whose task keeps failing fails early, with the last lines of its log', async () => {
    const crashing = `
  crasher:
    image: swarmctl/hello:1
    command: ["sh", "-c", "echo about to crash; exit 7"]
    networks: [backend]
    deploy: { restart_policy: { delay: 0s } }

networks:`;
    await writeFile(composeFile, compose.replace('\nnetworks:', crashing));
    const { report, exitCode } = await swarmctlJson(lab.folder, [
      'up',
      '--yes',
      '--skip-bench',
      '--clusters',
      'us-east-1',
    ]);
    expect(exitCode).toBe(1);
    const { error } = clusterOf(report, 'us-east-1');
    expect(error).toMatchObject({
      code: 'service-failed',
      message: 'A task of service e2e-lab_crasher keeps failing.',
    });
    expect(error?.details?.join('\n')).toContain('exit code 7');
    expect(error?.details).toContain('| about to crash');
  });

  test('that takes a service away is refused without --allow-deletes, and nothing is touched', async () => {
    const before = await versions();
    const withoutClock = compose.replace(/\n {2}clock:[\s\S]*?\n\n/, '\n');
    await writeFile(composeFile, withoutClock);
    const refused = await swarmctlJson(lab.folder, ['up', '--yes', '--skip-bench']);
    expect(refused.exitCode).toBe(4);
    for (const cluster of refused.report.clusters) {
      expect(cluster.outcome).toBe('refused');
      expect(cluster.error).toMatchObject({
        code: 'deletes-refused',
        details: ['delete Service e2e-lab_clock'],
      });
    }
    expect(await versions()).toEqual(before);

    const allowed = await swarmctlJson(lab.folder, ['up', '--yes', '--allow-deletes', '--skip-bench']);
    expect(allowed.exitCode).toBe(0);
    for (const cluster of allowed.report.clusters)
      expect(cluster.services.map(({ name }) => name)).toEqual(['e2e-lab_web']);
  });
});

test('a missed latency budget stops before the preview, with exit 3', async () => {
  const file = join(lab.folder, 'tight.yaml');
  const fleet = await readFile(join(lab.folder, 'swarmctl.yaml'), 'utf8');
  await writeFile(file, fleet.replace('p99: 5s', 'p99: 1us'));
  const before = await versions();
  const { report, exitCode } = await swarmctlJson(lab.folder, ['up', '--yes', '--file', 'tight.yaml']);
  expect(exitCode).toBe(3);
  for (const cluster of report.clusters) {
    expect(cluster.error?.code).toBe('budget-missed');
    expect(cluster.error?.message).toMatch(
      /^The budget is missed: p99 from e2e-lab-\S+ to e2e-lab-\S+ \((host|overlay)\) is [\d.]+ ms, [\d.]+ ms over the allowed 0.001 ms\.$/,
    );
    expect(cluster.bench?.budget?.missed.length).toBeGreaterThan(0);
    expect(cluster.changes).toMatchObject({ create: 0, update: 0, replace: 0, delete: 0 });
    expect(cluster.stages.map(({ name }) => name)).toEqual(['refresh', 'bench', 'gate']);
  }
  expect(await versions()).toEqual(before);
});

test('writing needs --yes without a terminal', async () => {
  const { exitCode, stderr } = await swarmctl(lab.folder, ['up']);
  expect(exitCode).toBe(4);
  expect(stderr).toContain('--yes');
});
