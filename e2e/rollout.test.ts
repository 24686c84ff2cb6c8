import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { packageRoot } from '../src/package-root.ts';
import type { Report } from '../src/report/report.ts';
import { inspect } from './lab-swarms.ts';
import { startLoad } from './load.ts';
import { clusterOf, docker, startUntil, swarmctl, swarmctlJson } from './swarmctl.ts';

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

test('a canary that misses the budget after its update goes back, and no other cluster is changed', async () => {
  const gated = fleet
    .replace(/^bench: .*$/m, 'bench: { budget: { paths: { host: { p50: 30ms } } } }')
    .replace('us-east-1: {}', 'us-east-1: { env: { GREETING: Hallo } }')
    .replace('GREETING: Bonjour', 'GREETING: Salut');
  await writeFile(join(lab.folder, 'gated.yaml'), gated);
  const look = () =>
    Promise.all([
      inspect('us-east-1', 'e2e-lab_web', '{{.Version.Index}}'),
      inspect('eu-west-1', 'e2e-lab_web', '{{.Spec.TaskTemplate.ContainerSpec.Env}}'),
    ]);
  const before = await look();
  const node = 'e2e-lab-eu-west-1-manager-3';
  const far = await makeFar(node, 100);
  const events = join(lab.folder, 'gated.events');
  const up = ['up', '--yes', '--file=gated.yaml', '--events', events];
  // The first benchmark is over then.
  const { run } = await startUntil(lab.folder, up, '[eu-west-1] up started', second);
  await far.begin();
  const { exitCode, stdout } = await run.finally(far.end);
  expect(exitCode, stdout).toBe(3);
  const ended = (await readFile(events, 'utf8')).trimEnd().split('\n').at(-1) ?? '';
  const { report }: { report: Report } = JSON.parse(ended);
  const canary = clusterOf(report, 'eu-west-1');
  expect(canary).toMatchObject({ outcome: 'failed', reason: 'It went back to what ran before.' });
  expect(canary.error?.message).toMatch(
    /^The budget is missed after the update: p50 from \S+ to e2e-lab-eu-west-1-manager-3 \(host\) is 1\d\d/,
  );
  expect(canary.stages.slice(-4).map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'soak done',
    'bench done',
    'gate failed',
    'rollback done',
  ]);
  expect(clusterOf(report, 'us-east-1').outcome).toBe('skipped');
  expect(await look()).toEqual(before);
});

/** Takes a node so many milliseconds away: the messages of a benchmark are answered later, by another program. */
async function makeFar(node: string, ms: number) {
  const responder = await readFile(join(packageRoot, 'src/bench/fixtures/responder.pl'), 'utf8');
  const on = (command: string, ...more: string[]) => docker('exec', ...command.split(' '), ...more);
  // Ends by itself.
  await on(`--detach ${node} timeout 300 perl -e`, responder, 'port=24999', `wait=${ms}`);
  const redirect = 'PREROUTING --protocol tcp --dport 24789 --jump REDIRECT --to-ports 24999';
  return {
    begin: () => on(`${node} iptables --table nat --insert ${redirect}`),
    end: () => on(`${node} iptables --table nat --delete ${redirect}`),
  };
}
