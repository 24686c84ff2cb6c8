import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Happening, Notify } from '../fleet/model.ts';
import type { ClusterReport, Report } from '../report/report.ts';
import { failedCluster, sampleCluster, sampleReport } from '../report/sample-report.ts';
import { type NoticesOptions, openNotices } from './notices.ts';
import { answers, startReceiver, takes } from './receiver.ts';

const all: readonly Happening[] = ['success', 'failure', 'drift', 'recovered'];
const good = sampleCluster();
const bad = failedCluster();

async function makeFolder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'swarmctl-notices-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await mkdir(join(directory, '.swarmctl'));
  return directory;
}

/** A webhook, and what tells it of runs of one fleet. */
async function startFleet(on = all, behaviour = takes) {
  const { url, received } = await startReceiver(behaviour);
  const directory = await makeFolder();
  const warnings: string[] = [];
  const run = async (report: Report, change: Partial<NoticesOptions> = {}) => {
    const notices = await openNotices({
      fleet: { name: 'shop', directory },
      notify: { webhook: { url: { env: 'HOOK' } }, on },
      command: report.command,
      clusters: report.clusters.map(({ name }) => name),
      env: { HOOK: url.href },
      signal: new AbortController().signal,
      warn: (message) => warnings.push(message),
      patience: { deadlineMs: 30_000, attemptMs: 30_000, pauseMs: 1 },
      ...change,
    });
    await notices.send(report);
    return received.map(({ headers }) => headers['swarmctl-happening']).at(-1);
  };
  return { run, received, warnings, directory, url };
}

const up = (...clusters: ClusterReport[]) => sampleReport(clusters);
const drifted = (...clusters: ClusterReport[]): Report => ({
  ...sampleReport(
    clusters.map((cluster) => ({ ...cluster, outcome: 'drifted' })),
    'drift-check',
  ),
  ok: false,
  exitCode: 2,
});

test.each<[string, Report, Happening]>([
  ['success', up(good), 'success'],
  ['failure', up(good, bad), 'failure'],
  ['drift', drifted(good), 'drift'],
])('%s is told, with the name of the fleet', async (_, report, happening) => {
  const { run, received, warnings } = await startFleet();
  expect(await run(report)).toBe(happening);
  expect(JSON.parse(received[0]?.body ?? '')).toEqual({ ...report, fleet: 'shop' });
  expect(warnings).toEqual([]);
});

test('what is not asked for is not told', async () => {
  const { run, received } = await startFleet(['recovered']);
  for (const report of [up(good), up(bad), drifted(good)]) await run(report);
  expect(received).toEqual([]);
});

test('a cluster whose last run failed and whose next one does not has recovered, once', async () => {
  const { run } = await startFleet();
  await run(up(good, bad));
  expect(await run(up(good))).toBe('success');
  expect(await run(drifted({ ...good, name: 'eu-west-1' }))).toBe('drift');
  expect(await run(up(good, { ...good, name: 'eu-west-1' }))).toBe('recovered');
  expect(await run(up(good, { ...good, name: 'eu-west-1' }))).toBe('success');
  expect(await run(sampleReport([{ ...good, name: 'eu-west-1' }], 'drift-check'))).toBe('recovered');
});

test('drift that is only no longer new has not recovered', async () => {
  const { run } = await startFleet();
  expect(await run(drifted(good))).toBe('drift');
  const finding = {
    kind: 'drift',
    type: 'Service',
    name: 'shop_web',
    check: 'gone',
    fields: [],
    level: 'known',
  } as const;
  const drift = { compared: 3, findings: [{ ...finding, fields: [] }] };
  const checked = (cluster: ClusterReport) => sampleReport([cluster], 'drift-check --since-last');
  expect(await run(checked({ ...good, drift }))).toBe('success');
  expect(await run(checked(good))).toBe('recovered');
});

test('a cluster that was skipped has not recovered, and one that was taken back has failed', async () => {
  const { run } = await startFleet();
  const named = (name: string, outcome: ClusterReport['outcome']) => ({ ...good, name, outcome });
  expect(await run(up(bad))).toBe('failure');
  expect(await run(up({ ...bad, name: 'canary' }, named('eu-west-1', 'skipped')))).toBe('failure');
  expect(await run(up(named('eu-west-1', 'updated')))).toBe('recovered');
  expect(await run(up({ ...bad, name: 'canary' }, named('eu-west-1', 'rolled-back')))).toBe('failure');
  expect(await run(up(named('eu-west-1', 'updated')))).toBe('recovered');
});

test('drift is told beside a cluster that could not be checked', async () => {
  const report = sampleReport([bad, { ...good, outcome: 'drifted' }], 'drift-check');
  expect(await (await startFleet(['drift'])).run(report)).toBe('drift');
  expect(await (await startFleet(['drift', 'failure'])).run(report)).toBe('failure');
});

test('a run that ended before its clusters has failed for all of them', async () => {
  const { run } = await startFleet();
  const early: Report = { ...up(), ok: false, exitCode: 1, error: { code: 'engine', message: 'no' } };
  expect(await run(early, { clusters: ['us-east-1'] })).toBe('failure');
  expect(await run(up(good))).toBe('recovered');
});

test('a recovery that nobody wants to hear of is a success', async () => {
  const { run } = await startFleet(['success']);
  await run(up(bad));
  expect(await run(up({ ...good, name: 'eu-west-1' }))).toBe('success');
});

test.each<[string, Report]>([
  ['interrupted', { ...up(), ok: false, exitCode: 130, error: { code: 'interrupted', message: '' } }],
  ['refused by a person', up({ ...bad, error: { code: 'confirmation-refused', message: 'no' } })],
])('a run that was %s is told to nobody, and is no failure to recover from', async (_, report) => {
  const { run, received, directory } = await startFleet();
  await run(report);
  expect(received).toEqual([]);
  expect(await readdir(join(directory, '.swarmctl'))).toEqual([]);
});

test('a fleet that was destroyed gets no folder again', async () => {
  const { run, directory } = await startFleet();
  await run(up(bad));
  const report = sampleReport([{ ...bad, error: { code: 'engine', message: 'no' } }], 'destroy');
  await run(report);
  const notices = run(sampleReport([{ ...good, name: bad.name }], 'destroy'));
  await rm(join(directory, '.swarmctl'), { recursive: true });
  await notices;
  expect(existsSync(join(directory, '.swarmctl'))).toBe(false);
});

test.each(['not JSON', 'null', '[]', '{"up":3}', '{"up":[1]}'])(
  'a record that is damaged (%s) hinders nothing',
  async (text) => {
    const { run, directory, warnings } = await startFleet();
    await writeFile(join(directory, '.swarmctl', 'notices.json'), text);
    expect(await run(up(good))).toBe('success');
    expect(await run(up(bad))).toBe('failure');
    expect(warnings).toEqual([]);
  },
);

test('a record that cannot be written is a warning, and the notice is sent', async () => {
  const { run, directory, warnings } = await startFleet();
  await rm(join(directory, '.swarmctl'), { recursive: true });
  await writeFile(join(directory, '.swarmctl'), '');
  expect(await run(up(bad))).toBe('failure');
  expect(warnings).toEqual([
    expect.stringMatching(/notices\.json could not be written: .*tell a recovery\.$/),
  ]);
});

test('one that cannot be told is a warning, and the others are told', async () => {
  const { run, warnings, received } = await startFleet(all, answers(410, {}, 'channel_is_archived'));
  const slack = await startReceiver(takes);
  const notify: Notify = { slack: { env: 'SLACK' }, webhook: { url: { env: 'HOOK' } }, on: all };
  const hook = (await startReceiver(answers(410, {}, 'gone'))).url.href;
  await run(up(bad), { notify, env: { HOOK: hook, SLACK: slack.url.href } });
  expect(warnings).toEqual(['The webhook could not be told how the run ended: it answered 410 (gone).']);
  expect(slack.received).toHaveLength(1);
  expect(received).toEqual([]);
});

test('Slack is told where it ran', async () => {
  const { run } = await startFleet();
  const { url, received } = await startReceiver(takes);
  const github = {
    GITHUB_SERVER_URL: 'https://github.invalid',
    GITHUB_REPOSITORY: 'a/b',
    GITHUB_RUN_ID: '7',
  };
  const notify: Notify = { slack: { env: 'SLACK' }, on: all };
  await run(up(bad), { notify, env: { SLACK: url.href, ...github } });
  expect(received[0]?.body).toContain('https://github.invalid/a/b/actions/runs/7');
});

test('addresses and keys come from variables and files, and white space around them does not matter', async () => {
  const { run, received, directory, url, warnings } = await startFleet();
  const files = { url: join(directory, 'url'), key: join(directory, 'key') };
  await writeFile(files.url, `${url.href}\n`);
  await writeFile(files.key, 'key\n');
  const webhook = { url: { file: files.url }, secret: { file: files.key } };
  expect(await run(up(bad), { notify: { webhook, on: all } })).toBe('failure');
  expect(received[0]?.headers['webhook-signature']).toMatch(/^v1,/);
  expect(warnings).toEqual([]);
});

const secret = 'https://user:canary@canary.invalid/canary';

test.each<[string, NodeJS.ProcessEnv, string]>([
  ['is not set', {}, 'the variable HOOK is not set'],
  ['is empty', { HOOK: ' \n' }, 'the variable HOOK is empty'],
  [
    'is no address',
    { HOOK: 'canary' },
    'the variable HOOK holds no address that begins with https:// or http://',
  ],
  [
    'is another address',
    { HOOK: 'file:///canary' },
    'the variable HOOK holds no address that begins with https:// or http://',
  ],
  [
    'has a password',
    { HOOK: secret },
    'the variable HOOK holds an address with a user name or password, which is not supported',
  ],
])('a variable that %s is told when the run begins', async (_, env, reason) => {
  const { run, warnings } = await startFleet();
  await run(up(good), { env });
  expect(warnings).toEqual([`notify.webhook: ${reason}, so it will not be told how the run ends.`]);
});

test.each<[string, (directory: string) => string, string]>([
  ['is not there', (directory) => join(directory, 'none'), 'cannot be read: ENOENT'],
  ['is a folder', (directory) => directory, 'is no file with a secret'],
  ['never ends', () => '/dev/zero', 'is no file with a secret'],
])('a file that %s is told when the run begins', async (_, path, reason) => {
  const { run, warnings, directory } = await startFleet();
  await run(up(good), { notify: { slack: { file: path(directory) }, on: all } });
  expect(warnings).toEqual([
    `notify.slack: ${path(directory)} ${reason}, so it will not be told how the run ends.`,
  ]);
});

test('a report that should be signed is not sent without a key', async () => {
  const { run, received, warnings } = await startFleet();
  const webhook = { url: { env: 'HOOK' }, secret: { env: 'KEY' } };
  await run(up(bad), { notify: { webhook, on: all } });
  expect(received).toEqual([]);
  expect(warnings).toEqual([expect.stringContaining('the variable KEY is not set')]);
});

test('what is kept is about clusters alone', async () => {
  const { run, directory } = await startFleet();
  await run(up(bad));
  expect(await readFile(join(directory, '.swarmctl', 'notices.json'), 'utf8')).toBe('{"up":["eu-west-1"]}\n');
});
