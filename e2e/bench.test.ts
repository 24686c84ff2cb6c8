import './own-lane.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { waitUntil } from '../src/docker/deadline.ts';
import type { BenchResult } from '../src/report/bench-result.ts';
import { bench, idle, pairsOf, probeImage } from './bench-result.ts';
import { docker, dockerOn, makeFleetFolder, start, swarmctlJson } from './swarmctl.ts';

const lab = inject('lab');
const node = (cluster: string, index: number) => `e2e-lab-${cluster}-manager-${index}`;
const nodes = ['us-east-1', 'eu-west-1'].flatMap((cluster) => [1, 2, 3].map((index) => node(cluster, index)));

/** What benchmarks have left on the nodes; those managers that follow learn a moment later what is gone. */
async function leftOvers(): Promise<string[]> {
  const look = async () => ((await listLeft()).length === 0 ? true : undefined);
  await waitUntil('Everything being gone', look, { deadlineMs: 10_000 }).catch(() => undefined);
  return listLeft();
}

async function listLeft(): Promise<string[]> {
  const label = ['--filter', 'label=swarmctl.bench'];
  const lists = await Promise.all(
    nodes.flatMap((name) => [
      dockerOn(name, 'ps', '--all', ...label, '--format', '{{.Names}}'),
      dockerOn(name, 'network', 'ls', ...label, '--format', '{{.Name}}'),
    ]),
  );
  return lists.flatMap((list) => list.split('\n')).filter((name) => name !== '');
}

/** Waits until a run has written an event with this text. */
async function waitForEvent(file: string, text: string, run: ReturnType<typeof start>): Promise<void> {
  let ended = false;
  void run.finally(() => {
    ended = true;
  });
  while (!(await readFile(file, 'utf8').catch(() => '')).includes(text)) {
    if (ended) throw new Error(`the run ended before it told of ${text}: ${(await run).stderr}`);
    await sleep(20);
  }
}

describe('a quick benchmark', () => {
  let result: BenchResult;

  beforeAll(async () => {
    const image = await probeImage(node('us-east-1', 2));
    // What a killed run has left.
    await dockerOn(
      node('us-east-1', 2),
      'run',
      '--detach',
      '--label',
      'swarmctl.bench=killed',
      image,
      'sleep',
      '600',
    );
    // A way from one node into the other cluster's network; there is none back.
    await docker('network', 'connect', 'e2e-lab-eu-west-1', node('us-east-1', 1));
    try {
      result = await bench(lab.folder, '--quick');
    } finally {
      await docker('network', 'disconnect', 'e2e-lab-eu-west-1', node('us-east-1', 1));
    }
  });

  test('measures each pair over host and overlay', () => {
    for (const cluster of ['us-east-1', 'eu-west-1']) {
      const pairs = pairsOf(result, cluster);
      expect(pairs.map(({ from, to }) => `${from.node} ${to.node}`)).toEqual([
        `${node(cluster, 1)} ${node(cluster, 2)}`,
        `${node(cluster, 1)} ${node(cluster, 3)}`,
        `${node(cluster, 2)} ${node(cluster, 3)}`,
      ]);
      for (const pair of pairs) {
        expect(pair.missing).toEqual([]);
        expect(idle(pair, 'host')).toMatchObject({ sent: 1_000, lost: 0, p99: expect.any(Number) });
        expect(idle(pair, 'overlay')).toMatchObject({ sent: 1_000, lost: 0, p99: expect.any(Number) });
        expect(idle(pair, 'overlay')?.rounds).toHaveLength(10);
        expect(pair.mtu).toEqual([
          { path: 'host', configured: 1500, probed: 1500, bulk: true },
          { path: 'overlay', configured: 1450, probed: 1450, bulk: true },
        ]);
      }
    }
  });

  test('says where it was measured, and how quiet the nodes were', () => {
    const [cluster] = result.clusters;
    expect(cluster?.environment).toMatchObject({ simulation: true, overlayMtu: 1450, encrypted: false });
    expect(cluster?.environment.nodes).toHaveLength(3);
    expect(cluster?.environment.nodes[0]).toMatchObject({
      role: 'manager',
      engine: expect.stringMatching(/^\d/),
    });
    expect(cluster?.noise.map((noise) => noise.node).toSorted()).toEqual(nodes.slice(0, 3));
    for (const { schedulingLagUs } of cluster?.noise ?? []) expect(schedulingLagUs).toBeGreaterThan(0);
  });

  test('measures between the clusters', () => {
    expect(result.between).toHaveLength(1);
    const [pair] = result.between;
    expect(pair?.from).toEqual({ cluster: 'us-east-1', node: node('us-east-1', 1) });
    expect(pair?.to).toEqual({ cluster: 'eu-west-1', node: node('eu-west-1', 1) });
    expect(pair && idle(pair, 'host')).toMatchObject({ sent: 1_000, lost: 0 });
  });

  test('removes its probes, and those of a killed run', async () => {
    expect(await leftOvers()).toEqual([]);
  });
});

describe('what cannot be measured', () => {
  const cluster = 'us-east-1';
  const blocked = node(cluster, 2);
  const killed = node(cluster, 3);
  const block = (change: '-I' | '-D') =>
    docker('exec', blocked, 'iptables', change, 'INPUT', '-p', 'tcp', '--dport', '24789', '-j', 'DROP');
  const mtu = [
    '--opt',
    'com.docker.network.driver.mtu=9000',
    '--label',
    'com.docker.stack.namespace=e2e-lab',
  ];
  /** Any of the managers may be asked. */
  const everywhere = async () => {
    const managers = [1, 2, 3].map((index) => node(cluster, index));
    const lists = managers.map((name) =>
      dockerOn(name, 'network', 'ls', '--filter', 'name=jumbo', '--quiet'),
    );
    return (await Promise.all(lists)).every((list) => list !== '') ? true : undefined;
  };
  let result: BenchResult;

  beforeAll(async () => {
    await block('-I');
    await dockerOn(blocked, 'network', 'create', '--driver', 'overlay', ...mtu, 'jumbo');
    await waitUntil('All managers knowing the network', everywhere, { deadlineMs: 20_000 });
    try {
      const events = join(await makeFleetFolder({}), 'events');
      const run = start(lab.folder, ['bench', '--quick', '-c', cluster, '--json', '--events', events]);
      await waitForEvent(events, 'measured 0/3 pairs', run);
      const name = await dockerOn(
        killed,
        'ps',
        '--filter',
        'name=swarmctl-bench-[0-9a-f]+$',
        '--format',
        '{{.Names}}',
      );
      await dockerOn(killed, 'rm', '--force', name);
      result = JSON.parse((await run).stdout).benchmark;
    } finally {
      await block('-D');
      await dockerOn(blocked, 'network', 'rm', 'jumbo');
    }
  });

  const toward = (to: string) => pairsOf(result, cluster).filter((pair) => pair.to.node === to);

  test('a blocked port: no number for this path, and why; the other path is measured', () => {
    const [pair] = toward(blocked);
    expect(pair && idle(pair, 'host')).toBeUndefined();
    expect(pair?.missing).toEqual([
      { what: 'host: latency', reason: expect.stringMatching(/^no connection to [\d.]+:24789: no answer$/) },
    ]);
    expect(pair && idle(pair, 'overlay')).toMatchObject({ sent: 1_000 });
  });

  test('a killed server: no number for its pairs', () => {
    expect(toward(killed)).toHaveLength(2);
    for (const pair of toward(killed)) {
      expect(idle(pair, 'overlay')).toBeUndefined();
      expect(pair.missing).toContainEqual({
        what: 'overlay: latency',
        reason: expect.stringMatching(/connection/),
      });
    }
  });

  test('an overlay that is too large for the nodes’ network is named with its fix', () => {
    expect(result.clusters[0]?.environment.overlayMtu).toBe(8950);
    const [pair] = toward(blocked);
    expect(pair?.mtu.find(({ path }) => path === 'overlay')).toMatchObject({
      configured: 8950,
      probed: 1450,
    });
    const [found] = toward(killed).flatMap(({ mtu }) => mtu.filter(({ path }) => path === 'host'));
    expect(found).toEqual({ path: 'host', configured: 1500, probed: 1500, bulk: true });
  });
});

test('Ctrl-C: exit code 130, and no probe is left', async () => {
  const events = join(await makeFleetFolder({}), 'events');
  const run = start(lab.folder, ['bench', '--events', events]);
  await waitForEvent(events, 'measured 0/6 pairs', run);
  run.kill('SIGINT');
  const { exitCode, stderr } = await run;
  expect(exitCode, stderr).toBe(130);
  expect(await leftOvers()).toEqual([]);
});

test('a duration that is too short is refused at once', async () => {
  const { exitCode, report } = await swarmctlJson(lab.folder, ['bench', '--duration', '5s']);
  expect(exitCode).toBe(64);
  expect(report.error?.message).toMatch(/^A duration of 5 s is too short: \d+ s are needed at least\.$/);
});
