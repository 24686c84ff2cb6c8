import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { resolveContext } from './docker-context.ts';
import { openEngine } from './engine.ts';
import { makeAuthority } from './made-certificates.ts';
import { answer, startEngine } from './scripted-engine.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-context-'));
  vi.stubEnv('DOCKER_CONFIG', folder);
  const authority = await makeAuthority(join(folder, 'authority'));
  const client = await authority.issue(join(folder, 'client'));
  const tls = ['ca', 'cert', 'key'].map((name) => `${name}=${join(client, `${name}.pem`)}`).join(',');
  await create('berlin', 'host=ssh://admin@[fd00::1]:2222');
  await create('paris', `host=tcp://[fd00::2]:2376,${tls}`);
  await create('careless', `host=tcp://10.0.0.1:2376,${tls},skip-tls-verify=true`);
  await create('plain', 'host=tcp://10.0.0.1:2375');
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const create = (name: string, docker: string) =>
  execa('docker', ['context', 'create', name, '--docker', docker]);

test('a context over ssh', async () => {
  expect(await resolveContext('berlin')).toEqual({ kind: 'ssh', user: 'admin', host: 'fd00::1', port: 2222 });
});

test('a context over TCP brings its certificates', async () => {
  const endpoint = await resolveContext('paris');
  expect(endpoint).toMatchObject({ kind: 'tcp', host: 'fd00::2', port: 2376 });
  const engine = openEngine('context://paris');
  // The address is nobody's, but the files were read.
  await expect(engine.ask('asking', (api) => api.ping())).rejects.toMatchObject({ code: 'unreachable' });
  engine.close();
});

test.each(['careless', 'plain'])('a context over TCP without full TLS is refused: %s', async (name) => {
  await expect(resolveContext(name)).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining(name),
    hint: expect.stringContaining('client certificates'),
  });
});

test('an engine is reached through a context', async () => {
  const { endpoint } = await startEngine({ '/info': () => answer({ Name: 'here' }) });
  await create('local', `host=${endpoint}`);
  const engine = openEngine('context://local');
  expect((await engine.ask('asking', (api) => api.info())).Name).toBe('here');
  engine.close();
});

test('a context that there is not is told', async () => {
  const engine = openEngine('context://rome');
  await expect(engine.ask('asking', (api) => api.ping())).rejects.toMatchObject({
    code: 'config',
    message: 'There is no docker context rome that can be used.',
    hint: expect.stringContaining('docker context ls'),
  });
  engine.close();
});
