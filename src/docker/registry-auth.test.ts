import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { registryAuth } from './registry-auth.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-'));
  vi.stubEnv('DOCKER_CONFIG', folder);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const configure = (config: unknown) =>
  writeFile(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));

/** A credential helper: a shell script that finds the registry it is asked for in `$key`. */
const installHelper = (name: string, script: string) =>
  writeFile(join(folder, `docker-credential-${name}`), `#!/bin/sh\nread -r key\n${script}\n`, {
    mode: 0o755,
  });

const auth = Buffer.from('me:pass:word').toString('base64');

test('without a file there are no credentials', async () => {
  expect(await registryAuth('nginx')).toBeUndefined();
});

test.each([
  ['registry:5000', 'registry:5000/app', 'registry:5000'],
  ['https://registry.example/v1/', 'registry.example/team/app:1', 'registry.example'],
  ['https://index.docker.io/v1/', 'nginx', 'https://index.docker.io/v1/'],
])('a login at %s serves %s', async (address, image, serveraddress) => {
  await configure({ auths: { 'other.example': { auth: 'eDp5' }, [address]: { auth } } });
  expect(await registryAuth(image)).toEqual({ username: 'me', password: 'pass:word', serveraddress });
});

test('a login that gave a token has the token', async () => {
  await configure({ auths: { 'registry.example': { auth, identitytoken: 'token' } } });
  expect(await registryAuth('registry.example/app')).toMatchObject({ identitytoken: 'token' });
});

test('another registry gets nothing, nor does the ID of an image', async () => {
  await configure({ auths: { 'registry.example': { auth } } });
  expect(await registryAuth('other.example/app')).toBeUndefined();
  expect(await registryAuth(`sha256:${'a'.repeat(64)}`)).toBeUndefined();
});

test('the helper of a registry goes before that of all, and before the file', async () => {
  await installHelper('one', `echo '{"Username":"from","Secret":"'$key'"}'`);
  await installHelper('all', `echo '{"Username":"<token>","Secret":"'$key'"}'`);
  await configure({
    auths: { 'registry.example': { auth } },
    credHelpers: { 'registry.example': 'one' },
    credsStore: 'all',
  });
  expect(await registryAuth('registry.example/app')).toEqual({
    username: 'from',
    password: 'registry.example',
    serveraddress: 'registry.example',
  });
  expect(await registryAuth('nginx')).toEqual({
    identitytoken: 'https://index.docker.io/v1/',
    serveraddress: 'https://index.docker.io/v1/',
  });
});

test('a helper that knows nothing leaves it to the file', async () => {
  await installHelper('all', 'echo "credentials not found in native keychain"; exit 1');
  await configure({ auths: { 'registry.example': { auth } }, credsStore: 'all' });
  expect(await registryAuth('registry.example/app')).toMatchObject({ username: 'me' });
  expect(await registryAuth('nginx')).toBeUndefined();
});

test.each([
  ['fails', 'echo canary; echo canary >&2; exit 3', 'exit code 3'],
  ['talks nonsense', 'echo canary', 'exit code 0'],
])('a helper that %s is named, without a word of what it wrote', async (_, script, reason) => {
  await installHelper('all', script);
  await configure({ credsStore: 'all' });
  const error = await registryAuth('nginx').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'config', message: expect.stringContaining(reason) });
  expect(JSON.stringify(error)).not.toContain('canary');
});

test('a helper that is not there is named', async () => {
  await configure({ credsStore: 'gone' });
  await expect(registryAuth('nginx')).rejects.toThrow(/docker-credential-gone .*cannot be run/);
});

test('a file that is no JSON is named, without a word of it', async () => {
  await configure('{"auths": canary');
  const error = await registryAuth('nginx').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'config', message: expect.stringContaining('config.json') });
  expect(`${error} ${JSON.stringify(error)}`).not.toContain('canary');
});
