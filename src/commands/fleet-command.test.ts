import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SwarmctlError } from '../errors.ts';
import { fixtureFolder } from '../fleet/fixture-folder.ts';
import { answers, type Behaviour, hangs, startReceiver, takes } from '../notify/receiver.ts';
import { createMemoryIo } from '../report/memory-io.ts';
import { failedCluster, sampleCluster } from '../report/sample-report.ts';
import { type FleetCommand, runFleetCommand } from './fleet-command.ts';

const fleetFile = `fleet: shop
clusters: { us-east-1: {} }
notify: { slack: { env: SLACK }, webhook: { url: { env: HOOK }, secret: { env: KEY } }, on: [success, failure] }
`;
const key = 'canary-key-of-the-webhook';

/** Runs a command whose clusters all come to the same end, with a Slack and a webhook that behave like this. */
async function runWith(behaviour: Behaviour, change: Partial<FleetCommand> = {}) {
  const directory = await fixtureFolder({ 'swarmctl.yaml': fleetFile });
  const [slack, hook] = [await startReceiver(behaviour), await startReceiver(behaviour)];
  const io = createMemoryIo();
  const interruption = new AbortController();
  const command: FleetCommand = {
    name: 'up',
    parallel: 1,
    notifies: true,
    prepare: async () => async () => sampleCluster(),
    ...change,
  };
  const options = { json: true, events: 'run.ndjson', html: 'run.html' };
  const env = { SLACK: slack.url.href, HOOK: hook.url.href, KEY: key };
  const context = { io, signal: interruption.signal, stopsAtOnce() {}, env, directory };
  const running = runFleetCommand(command, options, context);
  const ended = running.catch((error: unknown) => error);
  const files = async () =>
    (
      await Promise.all(['run.ndjson', 'run.html'].map((name) => readFile(join(directory, name), 'utf8')))
    ).join();
  return { ended, io, interruption, slack, hook, files };
}

const failing = { prepare: async () => async () => failedCluster({ name: 'us-east-1' }) };

test('whoever the fleet file names is told how a run ended', async () => {
  const { ended, slack, hook, io } = await runWith(takes);
  expect(await ended).toBe(0);
  expect(JSON.parse(hook.received[0]?.body ?? '')).toEqual(JSON.parse(io.outText()));
  expect(slack.received[0]?.body).toContain('up of shop: 1 updated');
  expect(io.errText()).toBe('');
});

test('a run that fails before its clusters is told too', async () => {
  const { ended, hook } = await runWith(takes, {
    prepare: async () => {
      throw new SwarmctlError('state-unreadable', 'The state is damaged.');
    },
  });
  expect(await ended).toMatchObject({ code: 'state-unreadable' });
  expect(JSON.parse(hook.received[0]?.body ?? '')).toMatchObject({
    fleet: 'shop',
    exitCode: 1,
    error: { message: 'The state is damaged.' },
  });
});

test('a command that only looks tells nobody', async () => {
  const { ended, hook } = await runWith(takes, { notifies: false });
  expect(await ended).toBe(0);
  expect(hook.received).toEqual([]);
});

test.each<[string, Partial<FleetCommand>, number]>([
  ['0', {}, 0],
  ['1', failing, 1],
])(
  'a notice that fails leaves the exit code %s and the one document as they are',
  async (_, change, code) => {
    const { ended, io, files, slack, hook } = await runWith(answers(400, {}, 'no_service'), change);
    expect(await ended).toBe(code);
    expect(JSON.parse(io.outText())).toMatchObject({ exitCode: code });
    expect(io.errText().split('\n').toSorted()).toEqual([
      '',
      'warning: Slack could not be told how the run ended: it answered 400 (no_service).',
      'warning: The webhook could not be told how the run ended: it answered 400 (no_service).',
    ]);
    const written = io.outText() + io.errText() + (await files());
    for (const secret of [slack.url.host, slack.url.pathname, hook.url.host, hook.url.pathname, key])
      expect(written).not.toContain(secret);
  },
);

test('Ctrl-C ends the waiting for a receiver; the run has ended before, with its own exit code', async () => {
  const run = await runWith(hangs);
  await expect.poll(() => run.hook.received.length + run.slack.received.length).toBe(2);
  expect(JSON.parse(run.io.outText())).toMatchObject({ exitCode: 0 });
  run.interruption.abort();
  expect(await run.ended).toBe(0);
  expect(run.io.errText()).toContain('Slack could not be told how the run ended: it was interrupted.');
});
