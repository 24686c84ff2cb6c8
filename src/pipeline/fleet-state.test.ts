import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareState } from './fleet-state.ts';
import { sampleFleet } from './sample-fleet.ts';

let directory: string;
let folder: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'swarmctl-state-'));
  folder = join(directory, '.swarmctl');
});
afterEach(() => rm(directory, { recursive: true }));

async function permissions(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

test('the state is beside the fleet file and nobody else can read it', async () => {
  const state = await prepareState(sampleFleet({ directory }), {});
  expect(state).toEqual({
    folder,
    backend: `file://${folder}/state`,
    passphraseFile: join(folder, 'passphrase'),
  });
  expect(await permissions(join(folder, 'passphrase'))).toBe('600');
  expect(await permissions(folder)).toBe('700');
  expect(await permissions(join(folder, 'state'))).toBe('700');
});

test('the passphrase is made once, and another one for every fleet', async () => {
  const passphrase = async () => {
    const { passphraseFile = '' } = await prepareState(sampleFleet({ directory }), {});
    return readFile(passphraseFile, 'utf8');
  };
  const first = await passphrase();
  expect(Buffer.from(first, 'base64')).toHaveLength(32);
  expect(await passphrase()).toBe(first);
  await rm(folder, { recursive: true });
  expect(await passphrase()).not.toBe(first);
});

test.each([{ PULUMI_CONFIG_PASSPHRASE: '' }, { PULUMI_CONFIG_PASSPHRASE_FILE: '/run/secrets/passphrase' }])(
  'a passphrase of the environment is the one: %j',
  async (env) => {
    expect((await prepareState(sampleFleet({ directory }), env)).passphraseFile).toBeUndefined();
    expect(existsSync(join(folder, 'passphrase'))).toBe(false);
  },
);

test('a state elsewhere is left where it is', async () => {
  const fleet = sampleFleet({ directory, state: 's3://states' });
  expect((await prepareState(fleet, {})).backend).toBe('s3://states');
});

test('a state without its passphrase is not given another one', async () => {
  await mkdir(join(folder, 'state'), { recursive: true });
  await expect(prepareState(sampleFleet({ directory }), {})).rejects.toMatchObject({
    code: 'state-unreadable',
    message: expect.stringContaining(join(folder, 'passphrase')),
    hint: expect.stringContaining('PULUMI_CONFIG_PASSPHRASE'),
  });
  expect(existsSync(join(folder, 'passphrase'))).toBe(false);
});

test('a first run that was cut off before there was a state is gone on with', async () => {
  const { passphraseFile = '' } = await prepareState(sampleFleet({ directory }), {});
  const passphrase = await readFile(passphraseFile, 'utf8');
  await rm(join(folder, 'state'), { recursive: true });
  await prepareState(sampleFleet({ directory }), {});
  expect(await readFile(passphraseFile, 'utf8')).toBe(passphrase);
});

test('a first run that cannot keep its passphrase leaves no state behind', async () => {
  await mkdir(folder);
  await symlink('/nowhere/passphrase', join(folder, 'passphrase'));
  await expect(prepareState(sampleFleet({ directory }), {})).rejects.toThrow();
  expect(existsSync(join(folder, 'state'))).toBe(false);
});

test('machines that are there need a passphrase, and in CI a state that is kept', async () => {
  const fleet = sampleFleet({ directory, target: 'hosts' });
  await expect(prepareState(fleet, {})).rejects.toMatchObject({
    code: 'config',
    message: 'Fleet shop is of real machines, and there is no passphrase for the secrets in its state.',
  });
  const env = { PULUMI_CONFIG_PASSPHRASE: 'x', CI: 'true' };
  await expect(prepareState(fleet, env)).rejects.toMatchObject({
    code: 'config',
    message: 'Fleet shop is of real machines, and its state would go with this CI job.',
  });
  expect(existsSync(folder)).toBe(false);
  const kept = { ...fleet, state: 's3://kept' };
  expect(await prepareState(kept, env)).toMatchObject({ backend: 's3://kept', passphraseFile: undefined });
});
