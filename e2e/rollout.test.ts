import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { inspect } from './lab-swarms.ts';
import { startLoad } from './load.ts';
import { clusterOf, swarmctl, swarmctlJson } from './swarmctl.ts';

const lab = inject('lab');
const composeFile = join(lab.folder, 'compose.yaml');
const staged = '--file=staged.yaml';
const first = { ROLLOUT_TOKEN: 'first' };
const second = { ROLLOUT_TOKEN: 'second' };
const mounted = '{{(index .Spec.TaskTemplate.ContainerSpec.Secrets 0).SecretName}}';
let compose: string;
let fleet: string;

beforeAll(async () => {
  compose = await readFile(composeFile, 'utf8');
  fleet = `${await readFile(join(lab.folder, 'swarmctl.yaml'), 'utf8')}
secrets: { token: { env: ROLLOUT_TOKEN } }
rollout: { order: [eu-west-1, us-east-1], canary: { soak: 2s }, on-failure: rollback }
`;
  await writeFile(join(lab.folder, 'staged.yaml'), fleet);
  const withToken = compose
    .replace('  web:\n', '  web:\n    secrets: [token]\n')
    .replace('  clock:\n', '  clock:\n    secrets: [token]\n')
    .replace('command: ["nc"', 'command: ["$CLOCK"')
    .replaceAll('$CLOCK', '$' + '{CLOCK:-nc}');
  await writeFile(composeFile, `${withToken}\nsecrets: { token: { external: true } }\n`);
  const { exitCode, stdout } = await swarmctl(lab.folder, ['up', '--yes', '--skip-bench', staged], first);
  expect(exitCode, stdout).toBe(0);
});

afterAll(async () => {
  await writeFile(composeFile, compose);
  const { exitCode, stdout } = await swarmctl(lab.folder, ['up', '--yes', '--skip-bench']);
  expect(exitCode, stdout).toBe(0);
});

test('the order is told without anything being read', async () => {
  const { stdout } = await swarmctl(lab.folder, ['up', '--dry-run', staged]);
  expect(stdout.split('\n').slice(0, 2)).toEqual([
    '1. eu-west-1, the canary, watched for 2s',
    '2. us-east-1',
  ]);
});

test('a source that is missing is told before anything is touched', async () => {
  const { report, exitCode } = await swarmctlJson(lab.folder, ['up', '--yes', '--skip-bench', staged]);
  expect(exitCode).toBe(64);
  expect(clusterOf(report, 'eu-west-1').error?.message).toContain('ROLLOUT_TOKEN is not set');
  expect(clusterOf(report, 'us-east-1').outcome).toBe('skipped');
  expect(clusterOf(report, 'eu-west-1').stages).toEqual([]);
});

test('a secret that is rotated under load fails no request', async () => {
  const addresses = clusterOf(lab.report, 'us-east-1').nodes.map(({ address }) => address);
  const load = startLoad(addresses.map((address) => `http://${address}:8080/`));
  const before = await inspect('us-east-1', 'e2e-lab_web', mounted);
  const rotate = ['secrets', 'rotate', 'token', '--yes', staged];
  const { exitCode, stdout, stderr } = await swarmctl(lab.folder, rotate, second);
  const { requests, failed } = await load.stop();
  expect(exitCode, stdout + stderr).toBe(0);
  expect(failed).toEqual([]);
  expect(requests).toBeGreaterThan(100);
  const versions = await Promise.all(
    ['us-east-1', 'eu-west-1'].map((name) => inspect(name, 'e2e-lab_web', mounted)),
  );
  expect(new Set(versions).size).toBe(1);
  expect(versions).not.toContain(before);
  expect((await swarmctl(lab.folder, ['secrets', 'status', staged])).exitCode).toBe(0);
});

test('after a failure elsewhere a cluster goes back, and the old secret stays mounted', async () => {
  const broken = fleet.replace('us-east-1: {}', 'us-east-1: { env: { CLOCK: no-such-program } }');
  await writeFile(join(lab.folder, 'broken.yaml'), broken);
  const before = await inspect('us-east-1', 'e2e-lab_clock', mounted);
  const up = ['up', '--yes', '--skip-bench', '--file=broken.yaml'];
  const { report, exitCode } = await swarmctlJson(lab.folder, up, { ROLLOUT_TOKEN: 'third' });
  expect(exitCode).toBe(1);
  expect(clusterOf(report, 'us-east-1').outcome).toBe('failed');
  expect(clusterOf(report, 'us-east-1').error?.details?.join('\n')).toContain('no-such-program');
  expect(clusterOf(report, 'eu-west-1').outcome, JSON.stringify(report)).toBe('rolled-back');
  for (const name of ['us-east-1', 'eu-west-1'])
    for (const service of ['e2e-lab_clock', 'e2e-lab_web'])
      expect(await inspect(name, service, mounted)).toBe(before);
});

test('the history knows it all, and a rollback goes back to what ran', async () => {
  const { stdout } = await swarmctl(lab.folder, ['history', '--json', staged]);
  const { records } = JSON.parse(stdout);
  const [rotated, failed] = records.slice(-2);
  expect(rotated).toMatchObject({
    command: 'secrets rotate',
    clusters: { 'us-east-1': { outcome: 'updated' } },
  });
  expect(failed.clusters['us-east-1'].outcome).toBe('failed');
  expect(failed.clusters['eu-west-1'].outcome).toBe('rolled-back');

  const before = await inspect('us-east-1', 'e2e-lab_web', mounted);
  const to = ['rollback', '--yes', '--to', String(rotated.version - 1), staged, '--clusters', 'us-east-1'];
  const back = await swarmctlJson(lab.folder, to);
  expect(back.exitCode, back.stdout).toBe(0);
  expect(await inspect('us-east-1', 'e2e-lab_web', mounted)).not.toBe(before);
  const preview = ['preview', staged, '--clusters', 'us-east-1'];
  expect((await swarmctl(lab.folder, preview, second)).stderr).toContain('goes forward again');
});
