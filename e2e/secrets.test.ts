import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { filesWith, formsOf, watchForLeaks } from './leaks.ts';
import { docker, type Result, swarmctl } from './swarmctl.ts';

const lab = inject('lab');
const composeFile = join(lab.folder, 'compose.yaml');
const compose = await readFile(composeFile, 'utf8');
const content = 'canary-7f3a91-of-the-secret\n';
const credentials = 'canary-user:canary-41d8c5-of-the-registry';
const nodes = [1, 2, 3].map((index) => `e2e-lab-us-east-1-manager-${index}`);

const withSecret = `${compose.replace('  clock:\n', '  clock:\n    secrets: [token]\n')}
secrets:
  token:
    file: token.txt
`;

/** Where all commands below have their temporary files, and credentials for a registry. */
let folder: string;
let passphrase: string;
let leaks: () => Promise<string[]>;
const results: Result[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-secrets-'));
  await Promise.all(['tmp', 'docker'].map((name) => mkdir(join(folder, name))));
  const auths = { 'registry.invalid': { auth: Buffer.from(credentials).toString('base64') } };
  await writeFile(join(folder, 'docker', 'config.json'), JSON.stringify({ auths }));
  passphrase = await readFile(join(lab.folder, '.swarmctl', 'passphrase'), 'utf8');
  leaks = watchForLeaks([content, credentials, passphrase], join(folder, 'tmp'));
});

afterAll(async () => {
  await writeFile(composeFile, compose);
  await swarmctl(lab.folder, ['up', '--yes', '--allow-deletes', '--skip-bench', '-c', 'us-east-1']);
  await rm(folder, { recursive: true });
});

/** Runs a command on one cluster of the lab, as everything here is watched. */
async function run(...args: string[]): Promise<Result> {
  const env = { TMPDIR: join(folder, 'tmp'), DOCKER_CONFIG: join(folder, 'docker') };
  const result = await swarmctl(lab.folder, [...args, '-c', 'us-east-1'], env);
  results.push(result);
  return result;
}

test('a secret reaches its service, trailing newline and all', async () => {
  await writeFile(join(lab.folder, 'token.txt'), content);
  await writeFile(composeFile, withSecret);
  const { exitCode, stdout, stderr } = await run('up', '--yes', '--skip-bench', '--json');
  expect(exitCode, stdout + stderr).toBe(0);
  expect(await secretOf('e2e-lab_clock')).toBe(content.trim());
});

test('neither the commands that read nor a run that fails give one away', async () => {
  const checks = [
    ['drift-check', '--json'],
    ['drift-check', '--pending', '--since-last'],
    ['refresh', '--yes'],
  ];
  for (const args of [['preview'], ['status', '--json'], ['render'], ['render', '--json'], ...checks])
    expect((await run(...args)).exitCode, args.join(' ')).toBe(0);
  await writeFile(composeFile, withSecret.replace('swarmctl/hello:1', 'registry.invalid/hello:1'));
  const { exitCode } = await run('up', '--skip-bench');
  expect(exitCode).toBe(4);
  await run('preview', '--json');
  await writeFile(composeFile, withSecret.replace('    driver: overlay', '    external: true'));
  const failed = await run('up', '--yes', '--skip-bench', '--json');
  expect(failed.exitCode).toBe(1);
});

test('no argument, environment, temporary file, output or state has held a secret in clear', async () => {
  expect(await leaks()).toEqual([]);
  const state = join(lab.folder, '.swarmctl');
  expect(await filesWith([content, credentials], state)).toEqual([]);
  expect(await filesWith([passphrase], state)).toEqual([join(state, 'passphrase')]);
  const forms = [content, credentials, passphrase].flatMap(formsOf);
  const outputs = results.map(({ stdout, stderr }) => stdout + stderr);
  expect(outputs.flatMap((text) => forms.filter((form) => text.includes(form)))).toEqual([]);
});

/** What a task of the service reads from its secret. */
async function secretOf(service: string): Promise<string> {
  for (const node of nodes) {
    const container = await docker('exec', node, 'docker', 'ps', '--quiet', '--filter', `name=${service}`);
    if (container) return docker('exec', node, 'docker', 'exec', container, 'cat', '/run/secrets/token');
  }
  throw new Error(`no task of ${service} on ${nodes.join(', ')}`);
}
