import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SwarmctlError } from '../errors.ts';
import type { SourcedContent } from '../fleet/model.ts';
import { readSources, takeVariables } from './read-sources.ts';

let folder: string;
const signal = new AbortController().signal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-'));
});

afterEach(() => rm(folder, { recursive: true }));

function content(name: string, source: SourcedContent['source']): SourcedContent {
  return { name, source, at: `swarmctl.yaml:${name.length}:1` };
}

function shell(line: string): SourcedContent['source'] {
  return { command: ['/bin/sh', '-c', line] };
}

function read(secrets: SourcedContent[], configs: SourcedContent[] = [], variables = {}) {
  const given = new Map(Object.entries<string>(variables));
  return readSources({ secrets, configs, directory: folder }, { variables: given, signal });
}

async function refusal(...secrets: SourcedContent[]): Promise<SwarmctlError> {
  const error: unknown = await read(secrets).catch((thrown: unknown) => thrown);
  if (!(error instanceof SwarmctlError)) throw new Error('not refused', { cause: error });
  expect(error.code).toBe('config');
  return error;
}

describe('readSources', () => {
  test('has every byte of every kind of source', async () => {
    await writeFile(join(folder, 'key'), Buffer.from([0, 255, 10]));
    const { secrets, configs, notes } = await read(
      [
        content('variable', { env: 'TOKEN' }),
        content('file', { file: join(folder, 'key') }),
        content('line', shell('printf "a\\0b"')),
        content('list', { command: ['printf', '%s', '$HOME'] }),
        content('here', shell('cat key')),
      ],
      [content('page', shell('echo hello'))],
      { TOKEN: 'tökèn' },
    );
    expect(Object.fromEntries(secrets)).toEqual({
      variable: Buffer.from('tökèn'),
      file: Buffer.from([0, 255, 10]),
      line: Buffer.from('a\0b'),
      list: Buffer.from('$HOME'),
      here: Buffer.from([0, 255, 10]),
    });
    expect(configs.get('page')).toEqual(Buffer.from('hello\n'));
    expect(notes).toEqual([
      'swarmctl.yaml:4:1: secret `file` ends with a newline, which is kept',
      'swarmctl.yaml:4:1: secret `here` ends with a newline, which is kept',
    ]);
  });

  test.each<[string, SourcedContent['source'], string]>([
    ['a variable that is not set', { env: 'NO_TOKEN' }, 'the environment variable NO_TOKEN is not set'],
    ['a missing file', { file: '/nowhere/key' }, '/nowhere/key does not exist'],
    ['a folder', { file: '/' }, '/ is a folder'],
    [
      'a command that fails',
      shell('echo hush; echo hush >&2; exit 3'),
      'its command ended with exit code 3; run it by hand to see why',
    ],
    [
      'a program that is missing',
      { command: ['no-such-program'] },
      'its command cannot be run: there is no program no-such-program',
    ],
    ['a command that says nothing', shell(':'), 'its command is empty, which the engine refuses'],
    [
      'too much',
      shell('head -c 512000 /dev/zero'),
      'its command has 512000 bytes, and the engine takes less than 512000',
    ],
  ])('refuses %s', async (_, source, reason) => {
    const { message, details, cause } = await refusal(content('token', source));
    expect({ message, details, cause }).toEqual({
      message: `swarmctl.yaml:5:1: secret \`token\`: ${reason}`,
      details: [],
      cause: undefined,
    });
  });

  test('tells of all that cannot be had', async () => {
    const { message, details } = await refusal(
      content('a', { env: 'NO_A' }),
      content('fine', shell('echo x')),
      content('bb', { env: 'NO_B' }),
    );
    expect(message).toBe('2 configs and secrets cannot be had.');
    expect(details).toEqual([
      'swarmctl.yaml:1:1: secret `a`: the environment variable NO_A is not set',
      'swarmctl.yaml:2:1: secret `bb`: the environment variable NO_B is not set',
    ]);
  });

  test('a config may be larger than a secret', async () => {
    const { configs } = await read([], [content('page', shell('head -c 600000 /dev/zero'))]);
    expect(configs.get('page')).toHaveLength(600_000);
  });

  test('ends a command when the run is interrupted', async () => {
    const reading = readSources(
      { secrets: [content('token', shell('exec sleep 600'))], configs: [], directory: folder },
      { variables: new Map(), signal: AbortSignal.timeout(100) },
    );
    await expect(reading).rejects.toMatchObject({ code: 'interrupted' });
  });
});

test('variables that are secrets are taken out of the environment, others stay', () => {
  const env = { TOKEN: 'hush', PAGE: 'hello', PATH: '/bin' };
  const fleet = {
    secrets: [content('token', { env: 'TOKEN' }), content('unset', { env: 'UNSET' })],
    configs: [content('page', { env: 'PAGE' })],
  };
  const taken = takeVariables(fleet, env);
  expect(Object.fromEntries(taken)).toEqual({ TOKEN: 'hush', PAGE: 'hello' });
  expect(env).toEqual({ PAGE: 'hello', PATH: '/bin' });
  expect(takeVariables(fleet, env)).toBe(taken);
});
