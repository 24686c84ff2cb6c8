import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../src/docker/deadline.ts';
import type { Report } from '../src/report/report.ts';
import {
  clusterOf,
  docker,
  dockerOn,
  makeFleetFolder,
  removeFleet,
  startUntil,
  swarmctl,
  swarmctlJson,
} from './swarmctl.ts';

/** A task becomes ready when its node has no file /tmp/closed: so a cluster can be held in the middle of its turn. */
const compose = `services:
  web:
    image: swarmctl/hello:1
    command: ["sh", "-c", "while test -f /node/closed; do sleep 0.1; done; > /ready; \${THEN:-exec sleep 86400}"]
    environment: { RELEASE: "\${RELEASE}" }
    volumes: ["/tmp:/node:ro"]
    stop_signal: SIGKILL
    healthcheck:
      test: ["CMD-SHELL", "test -f /ready"]
      interval: 1s
      start_period: 120s
      start_interval: 250ms
    deploy:
      endpoint_mode: dnsrr
      placement: { constraints: [node.hostname != e2e-turns-b-manager-1] }
      update_config: { order: stop-first, monitor: 1s, failure_action: rollback }
      rollback_config: { monitor: 1s }
      restart_policy: { condition: any, delay: 1s }
`;
const together = `fleet: e2e-turns
defaults: { managers: 1 }
clusters: { a: {}, b: { managers: 3 }, c: {} }
apps: [compose.yaml]
`;
const inTurn = (more: string) => `${together}rollout: { order: [a, b, c]${more} }\n`;
const up = ['up', '--yes', '--skip-bench'];
const middle = [1, 2, 3].map((index) => `e2e-turns-b-manager-${index}`);
const [leader = '', manager = ''] = middle;
const deadlineMs = 120_000;
let folder: string;

beforeAll(async () => {
  folder = await makeFleetFolder({
    'compose.yaml': compose,
    'swarmctl.yaml': together,
    'stop.yaml': inTurn(''),
    'continue.yaml': inTurn(', on-failure: continue'),
    'canary.yaml': inTurn(', canary: { soak: 6s }'),
  });
  const { exitCode, stdout, stderr } = await swarmctl(folder, up, { RELEASE: '1' });
  expect(exitCode, stdout + stderr).toBe(0);
});

afterAll(() => removeFleet(folder));

const close = () => Promise.all(middle.map((node) => docker('exec', node, 'touch', '/tmp/closed')));
const open = () => Promise.all(middle.map((node) => docker('exec', node, 'rm', '-f', '/tmp/closed')));

/** Begins to roll a release out, and gives it back in the middle of cluster b. */
async function startToMiddle(args: string[], release: string) {
  const events = join(folder, `${release}.ndjson`);
  const begun = '[b] up: Service e2e-turns_web: 0/1';
  const { run } = await startUntil(folder, [...up, ...args, '--events', events], begun, { RELEASE: release });
  return {
    async end(): Promise<Report> {
      await run;
      const last = (await readFile(events, 'utf8')).trim().split('\n').at(-1) ?? '';
      return (JSON.parse(last) as { report: Report }).report;
    },
  };
}

function outcomes({ clusters }: Report): Record<string, string> {
  return Object.fromEntries(clusters.map(({ name, outcome }) => [name, outcome]));
}

/** What a cluster's service is to run. */
async function release(node: string): Promise<string> {
  const format = '{{join .Spec.TaskTemplate.ContainerSpec.Env " "}}';
  return dockerOn(node, 'service', 'inspect', '--format', format, 'e2e-turns_web');
}

test('of two runs at once, one goes on, over the loss of a manager, and the other stops where it is', async () => {
  await close();
  const first = await startToMiddle(['--file', 'stop.yaml'], '2');
  await docker('kill', leader);
  try {
    const second = await swarmctlJson(folder, [...up, '--file', 'stop.yaml'], { RELEASE: '2' });
    expect(second.exitCode).toBe(1);
    expect(outcomes(second.report)).toEqual({ a: 'unchanged', b: 'failed', c: 'skipped' });
    expect(clusterOf(second.report, 'b').error?.code).toBe('locked');
    await Promise.all(middle.slice(1).map((node) => docker('exec', node, 'rm', '/tmp/closed')));
    const report = await first.end();
    expect(report.exitCode, JSON.stringify(report)).toBe(0);
    expect(outcomes(report)).toEqual({ a: 'updated', b: 'updated', c: 'updated' });
  } finally {
    await docker('start', leader);
  }
});

test('a cluster that is lost in the middle fails alone, and what it went on with by itself is taken up', async () => {
  await close();
  const first = await startToMiddle(['--file', 'continue.yaml', '-c', 'b,c'], '3');
  await docker('kill', ...middle);
  const report = await first.end();
  await docker('start', ...middle);
  await open();
  expect(report.exitCode).toBe(1);
  expect(outcomes(report)).toEqual({ b: 'failed', c: 'updated' });
  expect(clusterOf(report, 'b').error?.code).toBe('unreachable');
  expect(await lastOutcomes()).toEqual({ b: 'failed', c: 'updated' });

  await waitUntil('b running again', isComplete, { deadlineMs });
  const next = await swarmctlJson(folder, up, { RELEASE: '3' });
  expect(next.exitCode, next.stdout).toBe(0);
  expect(outcomes(next.report)).toMatchObject({ a: 'updated', c: 'unchanged' });
  expect(await release(manager)).toBe('RELEASE=3');
  // Either by that run, or the swarm had gone on and the run has found it there.
  expect((await lastOutcomes()).b).toBe('updated');
});

test('a canary whose task ends while it is watched keeps the others as they are', async () => {
  const env = { RELEASE: '4', THEN: 'sleep 3; echo out of luck; exit 7' };
  const { exitCode, report } = await swarmctlJson(folder, [...up, '--file', 'canary.yaml'], env);
  expect(exitCode).toBe(1);
  expect(outcomes(report)).toEqual({ a: 'failed', b: 'skipped', c: 'skipped' });
  const { error } = clusterOf(report, 'a');
  expect(error?.message).toContain('while a was watched as the canary');
  expect(error?.details).toContain('| out of luck');
  expect(await release(manager)).toBe('RELEASE=3');
});

test('a rollback keeps the number of tasks that was chosen since', async () => {
  const ofA = ['--clusters', 'a'];
  const fixed = await swarmctlJson(folder, [...up, ...ofA], { RELEASE: '5' });
  expect(outcomes(fixed.report)).toEqual({ a: 'updated' });
  const scaled = await swarmctl(folder, ['scale', 'web=2', ...ofA], { RELEASE: '5' });
  expect(scaled.exitCode, scaled.stdout + scaled.stderr).toBe(0);
  const back = await swarmctlJson(folder, ['rollback', '--yes', ...ofA], { RELEASE: '5' });
  expect(back.exitCode, back.stdout).toBe(0);
  expect(clusterOf(back.report, 'a').services).toMatchObject([
    { running: 2, desired: 2, scaled: { instead: 1 } },
  ]);
  expect(await release('e2e-turns-a-manager-1')).toBe('RELEASE=3');
});

async function lastOutcomes(): Promise<Record<string, string>> {
  const { stdout } = await swarmctl(folder, ['history', '--json']);
  const { records } = JSON.parse(stdout) as { records: Pick<Report, 'clusters'>[] };
  const outcomesOfB = records.map(
    ({ clusters }) => clusters as unknown as Record<string, { outcome: string }>,
  );
  const last = outcomesOfB.findLast((clusters) => 'b' in clusters) ?? {};
  return Object.fromEntries(Object.entries(last).map(([name, { outcome }]) => [name, outcome]));
}

async function isComplete(): Promise<true | undefined> {
  const { exitCode, report } = await swarmctlJson(folder, ['status', '-c', 'b'], { RELEASE: '3' });
  const complete = report.clusters[0]?.services.every(({ running, desired }) => running === desired);
  return exitCode === 0 && complete ? true : undefined;
}
