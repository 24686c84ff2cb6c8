import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Moto, startMoto } from '../src/toolchain/moto.ts';
import { createSetup } from '../src/toolchain/setup.ts';
import { labFile } from './lab.ts';
import { filesBelow, filesWith, formsOf, watchForLeaks } from './leaks.ts';
import { dockerOn, type Result, swarmctl } from './swarmctl.ts';

const lab = inject('lab');
const composeFile = join(lab.folder, 'compose.yaml');
const compose = await readFile(composeFile, 'utf8');
const content = 'canary-7f3a91-of-the-secret\n';
const credentials = 'canary-user:canary-41d8c5-of-the-registry';

/** Of a variable, of a command, of AWS Secrets Manager, and of the variable after a rotation. */
const variable = 'canary-5b02e7-of-the-variable';
const printed = 'canary-c6d918-of-the-command';
const stored = 'canary-e8027d-of-aws';
const rotated = 'canary-19fe44-of-the-rotation';
const all = [content, variable, printed, stored, rotated];

const withSecret = `${compose.replace('  clock:\n', '  clock:\n    secrets: [token, variable, printed, stored]\n')}
secrets:
  token: { file: token.txt }
  variable: { external: true }
  printed: { external: true }
  stored: { external: true }
`;
const sources = `secrets:
  variable: { env: CANARY_VARIABLE, max-age: 90d }
  printed: { command: [cat, printed.txt] }
  stored: { aws-secret: shop/canary, region: eu-west-1, key: password }
`;
const installMs = 10 * 60_000;

/** Where all commands below have their temporary files, and credentials for a registry. */
let folder: string;
let passphrase: string;
let leaks: () => Promise<string[]>;
let moto: Moto;
const results: Result[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-secrets-'));
  await Promise.all(['tmp', 'docker', 'out'].map((name) => mkdir(join(folder, name))));
  const auths = { 'registry.invalid': { auth: Buffer.from(credentials).toString('base64') } };
  await writeFile(join(folder, 'docker', 'config.json'), JSON.stringify({ auths }));
  passphrase = await readFile(join(lab.folder, '.swarmctl', 'passphrase'), 'utf8');
  await writeFile(join(lab.folder, 'sources.yaml'), `${await labFile(lab, 'swarmctl.yaml')}${sources}`);
  await writeFile(join(lab.folder, 'printed.txt'), printed);
  const swarmctlItself = /\/(dist\/main\.js|bin\/swarmctl)\b/;
  moto = await startMoto(createSetup({ onStep: () => {}, consent: async () => false }));
  const aws = new SecretsManagerClient({
    region: 'eu-west-1',
    endpoint: moto.url,
    credentials: { accessKeyId: 'nobody', secretAccessKey: 'nothing' },
  });
  const json = JSON.stringify({ password: stored });
  await aws.send(new CreateSecretCommand({ Name: 'shop/canary', SecretString: json }));
  leaks = watchForLeaks([...all, credentials, passphrase], join(folder, 'tmp'), swarmctlItself);
}, installMs);

afterAll(async () => {
  await writeFile(composeFile, compose);
  await swarmctl(lab.folder, ['up', '--yes', '--allow-deletes', '--skip-bench', '-c', 'us-east-1']);
  await rm(folder, { recursive: true });
  await moto.stop();
});

/** Runs a command on one cluster of the lab, as everything here is watched. */
async function run(args: string[], value = variable): Promise<Result> {
  const env = {
    CANARY_VARIABLE: value,
    TMPDIR: join(folder, 'tmp'),
    DOCKER_CONFIG: join(folder, 'docker'),
    AWS_ENDPOINT_URL: moto.url,
    AWS_ACCESS_KEY_ID: 'nobody',
    AWS_SECRET_ACCESS_KEY: 'nothing',
  };
  const result = await swarmctl(lab.folder, [...args, '--file', 'sources.yaml', '-c', 'us-east-1'], env);
  results.push(result);
  return result;
}

test('a secret reaches its service, trailing newline and all', async () => {
  await writeFile(join(lab.folder, 'token.txt'), content);
  await writeFile(composeFile, withSecret);
  const { exitCode, stdout, stderr } = await run(['up', '--yes', '--skip-bench', '--json']);
  expect(exitCode, stdout + stderr).toBe(0);
  expect(await secretOf('e2e-lab_clock', 'token')).toBe(content.trim());
  expect(await secretOf('e2e-lab_clock', 'variable')).toBe(variable);
  expect(await secretOf('e2e-lab_clock', 'printed')).toBe(printed);
  expect(await secretOf('e2e-lab_clock', 'stored')).toBe(stored);
});

test('neither the commands that read nor a run that fails give one away', async () => {
  const checks = [
    ['drift-check', '--json'],
    ['drift-check', '--pending', '--since-last'],
    ['refresh', '--yes'],
    ['secrets', 'status'],
    ['history', '--json'],
    ['ps', '--all'],
    ['logs', '--tail', '20'],
    ['lint'],
    ['status', '--html', join(folder, 'out', 'page.html'), '--events', join(folder, 'out', 'events.ndjson')],
  ];
  for (const args of [['preview'], ['status', '--json'], ['render'], ['render', '--json'], ...checks])
    expect((await run(args)).exitCode, args.join(' ')).toBe(0);
  await writeFile(composeFile, withSecret.replace('swarmctl/hello:1', 'registry.invalid/hello:1'));
  const { exitCode } = await run(['up', '--skip-bench']);
  expect(exitCode).toBe(4);
  await run(['preview', '--json']);
  await writeFile(composeFile, withSecret.replace('    driver: overlay', '    external: true'));
  const failed = await run(['up', '--yes', '--skip-bench', '--json']);
  expect(failed.exitCode).toBe(1);
});

test('a rotation and a rollback give none away either', async () => {
  await writeFile(composeFile, withSecret);
  const { exitCode, stdout, stderr } = await run(
    ['secrets', 'rotate', 'variable', '--yes', '--json'],
    rotated,
  );
  expect(exitCode, stdout + stderr).toBe(0);
  expect(await secretOf('e2e-lab_clock', 'variable')).toBe(rotated);
  expect((await run(['rollback', '--yes', '--json'], rotated)).exitCode).toBe(0);
  expect(await secretOf('e2e-lab_clock', 'variable')).toBe(variable);
});

test('no argument, environment, temporary file, output or state has held a secret in clear', async () => {
  expect(await leaks()).toEqual([]);
  const state = join(lab.folder, '.swarmctl');
  expect(await filesWith([...all, credentials], state)).toEqual([]);
  expect(await filesWith([passphrase], state)).toEqual([join(state, 'passphrase')]);
  const forms = [...all, credentials, passphrase].flatMap(formsOf);
  expect(await filesBelow(join(folder, 'out'))).toHaveLength(2);
  expect(await filesWith([...all, credentials, passphrase], join(folder, 'out'))).toEqual([]);
  const outputs = results.map(({ stdout, stderr }) => stdout + stderr);
  expect(outputs.flatMap((text) => forms.filter((form) => text.includes(form)))).toEqual([]);
});

/** What the service's one task reads from its secret; one that is being replaced may still run beside it. */
async function secretOf(service: string, name: string): Promise<string> {
  const task = await onManager(
    'service',
    'ps',
    '--quiet',
    '--no-trunc',
    '--filter',
    'desired-state=running',
    service,
  );
  const format = '{{.NodeID}} {{.Status.ContainerStatus.ContainerID}}';
  const [nodeId = '', container = ''] = (await onManager('inspect', '--format', format, task)).split(' ');
  const node = await onManager('node', 'inspect', '--format', '{{.Description.Hostname}}', nodeId);
  return dockerOn(node, 'exec', container, 'cat', `/run/secrets/${name}`);
}

function onManager(...args: string[]): Promise<string> {
  return dockerOn('e2e-lab-us-east-1-manager-1', ...args);
}
