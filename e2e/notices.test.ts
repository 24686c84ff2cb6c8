import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { answers, type Behaviour, hangs, startReceiver, takes } from '../src/notify/receiver.ts';
import { filesWith, formsOf, watchForLeaks } from './leaks.ts';
import { start } from './swarmctl.ts';

const lab = inject('lab');
const key = 'canary-9c2e17-of-the-webhook';
const fleetFile = join(lab.folder, 'notify.yaml');

/** Where the address and the key are. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-notices-'));
  await writeFile(join(folder, 'key'), `${key}\n`);
  const webhook = `{ url: { file: ${folder}/url }, secret: { file: ${folder}/key } }`;
  const text = await readFile(join(lab.folder, 'swarmctl.yaml'), 'utf8');
  await writeFile(
    fleetFile,
    `${text}notify: { webhook: ${webhook}, on: [success, recovered, drift, failure] }\n`,
  );
});

afterAll(async () => {
  await rm(fleetFile);
  await rm(folder, { recursive: true });
});

/** A check of one cluster, with a webhook that behaves like this. Whatever it finds is told. */
async function startCheck(behaviour: Behaviour) {
  const { url, received } = await startReceiver(behaviour);
  await writeFile(join(folder, 'url'), url.href);
  const args = ['drift-check', '--file', 'notify.yaml', '-c', 'us-east-1', '--json'];
  return { running: start(lab.folder, args), url, received };
}

test('the webhook gets the document, signed, and neither its address nor the key comes to light', async () => {
  const { running, url, received } = await startCheck(takes);
  const secrets = [url.pathname, key];
  const leaks = watchForLeaks(secrets, join(lab.folder, '.swarmctl'));
  const { exitCode, stdout, stderr } = await running;
  expect(exitCode, stderr).toBe(JSON.parse(stdout).exitCode);
  expect(JSON.parse(received[0]?.body ?? '')).toEqual(JSON.parse(stdout));
  expect(received[0]?.headers['webhook-signature']).toMatch(/^v1,/);
  expect(await leaks()).toEqual([]);
  expect(await filesWith(secrets, join(lab.folder, '.swarmctl'))).toEqual([]);
  expect(secrets.flatMap(formsOf).filter((form) => (stdout + stderr).includes(form))).toEqual([]);
});

test('one that refuses it is a warning beside the one document', async () => {
  const { running } = await startCheck(answers(404));
  const { exitCode, stdout, stderr } = await running;
  expect(exitCode, stderr).toBe(JSON.parse(stdout).exitCode);
  expect(stderr).toContain('warning: The webhook could not be told how the run ended: it answered 404.');
});

test('Ctrl-C ends the waiting for one that hangs, with the exit code of the run', async () => {
  const { running, received } = await startCheck(hangs);
  await expect.poll(() => received.length, { timeout: 120_000 }).toBe(1);
  running.kill('SIGINT');
  const { exitCode, stdout, stderr } = await running;
  expect(exitCode, stderr).not.toBe(130);
  expect(exitCode).toBe(JSON.parse(stdout).exitCode);
  expect(stderr).toContain('it was interrupted');
});
