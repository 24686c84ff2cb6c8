import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { SwarmctlError } from '../errors.ts';
import type { AwsSecret, SourcedContent } from '../fleet/model.ts';
import { type Moto, startMoto } from '../toolchain/moto.ts';
import { createSetup } from '../toolchain/setup.ts';
import { openSecretsManager } from './aws-secrets.ts';
import { readSources } from './read-sources.ts';

const installMs = 10 * 60_000;
const region = 'eu-west-1';
const password = 'hush-9c1f';
const signal = new AbortController().signal;
let moto: Moto;
let folder: string;
let firstVersion = '';
let arn = '';

beforeAll(async () => {
  moto = await startMoto(createSetup({ onStep: () => {}, consent: async () => false }));
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-'));
  useMoto();
  const client = new SecretsManagerClient({ region, endpoint: moto.url });
  const json = JSON.stringify({ user: 'shop', password, port: 5432, more: {} });
  const db = await client.send(new CreateSecretCommand({ Name: 'shop/db', SecretString: json }));
  arn = db.ARN ?? '';
  const key = { Name: 'shop/key', SecretBinary: Buffer.from([0, 255]) };
  await client.send(new CreateSecretCommand(key));
  const before = await client.send(new CreateSecretCommand({ Name: 'shop/token', SecretString: 'before' }));
  firstVersion = before.VersionId ?? '';
  await client.send(new PutSecretValueCommand({ SecretId: 'shop/token', SecretString: 'now\n' }));
  await client.send(new CreateSecretCommand({ Name: 'shop/gone', SecretString: 'gone' }));
  await client.send(new DeleteSecretCommand({ SecretId: 'shop/gone' }));
}, installMs);

afterAll(async () => {
  await moto.stop();
  await rm(folder, { recursive: true });
  vi.unstubAllEnvs();
});

/** What the SDK finds around it: moto, and nothing of whoever runs the tests. */
function useMoto(): void {
  for (const name of Object.keys(process.env).filter((one) => one.startsWith('AWS_')))
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_ENDPOINT_URL', moto.url);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'key-of-nobody');
}

beforeEach(useMoto);

function content(name: string, id: string, more: Omit<AwsSecret, 'id'> = { region }): SourcedContent {
  return { name, source: { awsSecret: { id, ...more } }, at: 'swarmctl.yaml:5:1' };
}

function read(secrets: SourcedContent[], configs: SourcedContent[] = []) {
  return readSources({ secrets, configs, directory: folder }, { variables: new Map(), signal });
}

/** Why a secret cannot be had; nothing of what it is may be in there. */
async function whyNot(id: string, more?: Omit<AwsSecret, 'id'>): Promise<string> {
  const error: unknown = await read([content('token', id, more)]).catch((thrown: unknown) => thrown);
  if (!(error instanceof SwarmctlError)) throw new Error('not refused', { cause: error });
  expect(error).toMatchObject({ code: 'config', details: [] });
  expect(error.cause).toBeUndefined();
  expect(error.hint).toContain('Nothing was changed.');
  const [, reason] = error.message.split(`swarmctl.yaml:5:1: secret \`token\`: the AWS secret ${id} `);
  expect(error.message).not.toContain(password);
  return reason ?? error.message;
}

describe('a secret of AWS Secrets Manager', () => {
  test('is read in every form that it has', async () => {
    const { secrets, configs, notes } = await read(
      [
        content('password', 'shop/db', { region, key: 'password' }),
        content('port', 'shop/db', { region, key: 'port' }),
        content('by-arn', arn, { region, key: 'user' }),
        content('binary', 'shop/key'),
        content('now', 'shop/token'),
        content('before', 'shop/token', { region, version: 'AWSPREVIOUS' }),
        content('first', 'shop/token', { region, version: firstVersion }),
      ],
      [content('page', 'shop/token')],
    );
    expect(Object.fromEntries(secrets)).toEqual({
      password: Buffer.from(password),
      port: Buffer.from('5432'),
      'by-arn': Buffer.from('shop'),
      binary: Buffer.from([0, 255]),
      now: Buffer.from('now\n'),
      before: Buffer.from('before'),
      first: Buffer.from('before'),
    });
    expect(configs.get('page')).toEqual(Buffer.from('now\n'));
    expect(notes).toEqual(['swarmctl.yaml:5:1: secret `now` ends with a newline, which is kept']);
  });

  test('is read where AWS_REGION says, if nothing else does', async () => {
    vi.stubEnv('AWS_REGION', region);
    const { secrets } = await read([content('user', 'shop/db', { key: 'user' })]);
    expect(secrets.get('user')).toEqual(Buffer.from('shop'));
  });

  test.each<[string, string, Omit<AwsSecret, 'id'> | undefined, string]>([
    [
      'that is not there',
      'shop/none',
      undefined,
      'does not exist in eu-west-1, or has no version AWSCURRENT there',
    ],
    [
      'of another region',
      'shop/db',
      { region: 'us-east-1' },
      'does not exist in us-east-1, or has no version AWSCURRENT there',
    ],
    [
      'of a version that is not there',
      'shop/token',
      { region, version: 'NO_SUCH' },
      'does not exist in eu-west-1, or has no version NO_SUCH there',
    ],
    [
      'that is being deleted',
      'shop/gone',
      undefined,
      'cannot be read in eu-west-1: it is about to be deleted',
    ],
    ['without the key', 'shop/db', { region, key: 'pasword' }, 'has no key `pasword`'],
    [
      'with a map at its key',
      'shop/db',
      { region, key: 'more' },
      'has no text, number or truth value at its key `more`',
    ],
    ['without keys', 'shop/token', { region, key: 'user' }, 'is no JSON map and so has no keys'],
    ['that is binary, by a key', 'shop/key', { region, key: 'user' }, 'is binary and so has no keys'],
    ['of no region', 'shop/db', {}, 'cannot be read: no region is given; write `region`, or set AWS_REGION'],
  ])('%s is refused with its reason', async (_, id, more, reason) => {
    expect(await whyNot(id, more)).toBe(reason);
  });
});

describe('credentials', () => {
  const none =
    'cannot be read: no AWS credentials were found, neither in the environment nor in a profile, nor is there a role';

  test('that are nowhere', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    expect(await whyNot('shop/db')).toBe(none);
  });

  test('of a profile that there is not', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_PROFILE', 'nobody');
    expect(await whyNot('shop/db')).toBe(none);
  });

  test('of a login that has ended', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_PROFILE', 'ended');
    vi.stubEnv('HOME', folder);
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'ended'));
    const start = 'https://login.example.com/start';
    await writeFile(
      join(folder, 'ended'),
      `[profile ended]\nsso_start_url = ${start}\nsso_region = ${region}\nsso_account_id = 1\nsso_role_name = reader\n`,
    );
    const logins = join(folder, '.aws', 'sso', 'cache');
    await mkdir(logins, { recursive: true });
    const login = { accessToken: 'token', expiresAt: '2020-01-01T00:00:00Z', startUrl: start, region };
    const file = `${createHash('sha1').update(start).digest('hex')}.json`;
    await writeFile(join(logins, file), JSON.stringify(login));
    expect(await whyNot('shop/db')).toBe('cannot be read: the AWS credentials have expired; log in again');
  });
});

describe('an AWS that answers otherwise', () => {
  test.each([
    ['ExpiredTokenException', 'cannot be read: the AWS credentials have expired; log in again'],
    ['UnrecognizedClientException', 'cannot be read: AWS does not accept these credentials in eu-west-1'],
    ['InvalidSignatureException', 'cannot be read: AWS does not accept these credentials in eu-west-1'],
    [
      'AccessDeniedException',
      'may not be read in eu-west-1 with these AWS credentials: they need secretsmanager:GetSecretValue, and kms:Decrypt for its key',
    ],
    [
      'DecryptionFailure',
      'cannot be decrypted in eu-west-1 with these AWS credentials: they need kms:Decrypt for its key',
    ],
    ['SomethingNewException', 'cannot be read in eu-west-1: SomethingNewException'],
  ])('%s', async (name, reason) => {
    const body = JSON.stringify({ __type: name, Message: `of ${password}` });
    vi.stubEnv('AWS_ENDPOINT_URL', await serve((response) => response.writeHead(400).end(body)));
    expect(await whyNot('shop/db')).toBe(reason);
  });

  test('by nothing', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    expect(await whyNot('shop/db')).toBe(
      'cannot be read in eu-west-1: ECONNREFUSED; AWS cannot be reached from here, or has no such region',
    );
  });

  test('never, or until the run is interrupted', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', await serve(() => {}));
    const secret = { id: 'shop/db', region };
    expect(await openSecretsManager(signal, 100).read(secret)).toBe('was not given out within 0.1 s');
    const interrupted = openSecretsManager(AbortSignal.timeout(100)).read(secret);
    await expect(interrupted).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('is asked once for all keys of one secret', async () => {
    let questions = 0;
    const url = await serve((response) => {
      questions += 1;
      response.end(JSON.stringify({ SecretString: JSON.stringify({ a: '1', b: '2' }) }));
    });
    vi.stubEnv('AWS_ENDPOINT_URL', url);
    const keys = ['a', 'b'].map((key) => content(key, 'shop/db', { region, key }));
    expect([...(await read(keys)).secrets.values()].join(' ')).toBe('1 2');
    expect(questions).toBe(1);
  });
});

/** A server in place of AWS for the length of one test. */
async function serve(answer: (response: ServerResponse) => unknown): Promise<string> {
  const server = createServer((_, response) => void answer(response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
