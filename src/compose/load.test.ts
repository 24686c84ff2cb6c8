// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose files interpolate too
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SwarmctlError } from '../errors.ts';
import { loadCompose } from './load.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(name: string, content: string | Buffer): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

function load(files: string[], env: Record<string, string> = {}, signal?: AbortSignal) {
  return loadCompose(files, { env, cluster: 'eu', region: 'eu-west-1', ...(signal && { signal }) });
}

/** The error that loading ends with; paths in it are relative to the test's folder. */
async function refusal(files: string[], env: Record<string, string> = {}, signal?: AbortSignal) {
  const error: unknown = await load(files, env, signal).catch((thrown: unknown) => thrown);
  if (!(error instanceof SwarmctlError)) throw new Error('expected a SwarmctlError', { cause: error });
  const shown = (text: string) => text.replaceAll(`${folder}/`, '');
  return {
    code: error.code,
    message: shown(error.message),
    hint: error.hint,
    details: error.details.map(shown),
  };
}

const service = (lines: string) => `services:\n  web:\n    image: web:1\n${lines}\n`;

describe('loadCompose', () => {
  test('interpolates with the variables of the cluster over those of the shell', async () => {
    const file = await write(
      'compose.yaml',
      service('    command: ["$SWARMCTL_CLUSTER", "${SWARMCTL_REGION}", "$HOME", "$TAG"]'),
    );
    const { model, notes } = await load([file], { HOME: '/nowhere', TAG: '7' });
    expect(model.services.web?.command).toEqual(['eu', 'eu-west-1', '/nowhere', '7']);
    expect(notes).toEqual([]);
  });

  test('takes CRLF, a byte order mark, `x-` keys and the obsolete version', async () => {
    const text = '\uFEFFversion: "3.8"\nx-own: 1\nservices:\n  web:\n    image: web:1\n    x-more: 2\n';
    const file = await write('compose.yaml', text.replaceAll('\n', '\r\n'));
    expect((await load([file])).model.services.web?.image).toBe('web:1');
  });

  test('takes a path with a comma and quotes', async () => {
    const file = await write('a,"b".yaml', service(''));
    expect((await load([file])).model.services.web?.image).toBe('web:1');
  });

  test('tells of variables that are not set, once each, and of deprecated keys', async () => {
    const networks = 'networks:\n  out:\n    external: { name: company }\n';
    const lines =
      '    command: ["$MISSING", "$MISSING ${OTHER}", "${FINE:-x}", "$$ESCAPED"]\n    networks: [out]\n';
    const { notes } = await load([await write('compose.yaml', service(lines) + networks)]);
    expect(notes.map((note) => note.replaceAll(`${folder}/`, ''))).toEqual([
      'compose.yaml:4:15: variable `MISSING` is not set; a blank string takes its place',
      'compose.yaml:4:27: variable `OTHER` is not set; a blank string takes its place',
      'network out: network.external.name is deprecated in favor of network.name',
    ]);
  });

  test('finds what stands where in the file that decides', async () => {
    const base = await write('base.yaml', service('    labels: { kept: a }'));
    const override = await write('override.yaml', 'services:\n  web: { image: web:2 }\n');
    const { locate } = await load([base, override]);
    expect(locate('services', 'web', 'image')).toBe(`${override}:2:10`);
    expect(locate('services', 'web', 'labels', 'kept')).toBe(`${base}:4:15`);
    expect(locate('services', 'web', 'deploy', 'mode')).toBe(`${override}:2:3`);
  });

  test('reads configs and secrets byte by byte, a last newline included', async () => {
    await write('page', 'a\r\nb');
    await write('password', Buffer.from([0, 255, 10]));
    const objects =
      'configs: { page: { file: page }, out: { external: true } }\nsecrets: { p: { file: ./password } }\n';
    const { contents } = await load([await write('compose.yaml', service('') + objects)]);
    expect([...contents.configs]).toEqual([['page', Buffer.from('a\r\nb')]]);
    expect([...contents.secrets]).toEqual([['p', Buffer.from([0, 255, 10])]]);
  });
});

describe('contents from elsewhere', () => {
  const supplied = { configs: new Map(), secrets: new Map([['s', Buffer.from('value')]]) };
  const loadWith = (file: string) => loadCompose([file], { env: {}, cluster: 'eu', region: 'eu', supplied });

  test.each([
    ['external', 's: { external: true }', {}],
    ['external under another name', 's: { external: true, name: token }', { name: 'token' }],
    ['of a file that need not be there', 's: { file: gone }', {}],
    ['with a name', 's: { file: gone, name: token }', { name: 'token' }],
  ])('make a secret one of the stack that is %s', async (_, declared, object) => {
    const file = await write('compose.yaml', service(`secrets:\n  ${declared}`));
    const { model, contents, notes } = await loadWith(file);
    expect(model.secrets).toEqual({ s: object });
    expect(contents.secrets.get('s')?.toString()).toBe('value');
    expect(notes).toEqual([]);
  });

  test('that nothing uses are told of', async () => {
    const { notes } = await loadWith(await write('compose.yaml', service('')));
    expect(notes).toEqual([
      'secrets.s of the fleet file is not declared under `secrets:` in a compose file, so nothing uses it',
    ]);
  });

  test('are not told of for a newline, those of files are', async () => {
    await write('key', 'x\n');
    const file = await write(
      'compose.yaml',
      service('secrets:\n  s: { external: true }\n  f: { file: key }'),
    );
    const { notes } = await loadWith(file);
    expect(notes.map((note) => note.replace(`${folder}/`, ''))).toEqual([
      'compose.yaml:6:8: secret `f` ends with a newline, which is kept',
    ]);
  });
});

describe('loadCompose refuses', () => {
  test('a file that does not exist', async () => {
    expect(await refusal([join(folder, 'gone.yaml')])).toEqual({
      code: 'config',
      message: 'compose file gone.yaml does not exist',
      hint: 'Check the paths under `apps:` and `overrides:` in the fleet file.',
      details: [],
    });
  });

  test('no file at all', async () => {
    expect(await refusal([])).toMatchObject({ code: 'config', message: 'no compose file is given' });
  });

  test('the one of several files that is wrong', async () => {
    const right = service('    healthcheck: { retries: 1 }');
    const wrong = 'services:\n  web: { image: 5 }\n';
    const files = [await write('a.yaml', right), await write('b.yaml', wrong), await write('c.yaml', right)];
    expect((await refusal(files)).message).toBe('b.yaml:2:10: services.web.image must be a string');
    expect((await refusal(files.toReversed())).message).toBe(
      'b.yaml:2:10: services.web.image must be a string',
    );
  });

  test.each([
    ['does not exist', 'gone', 'compose.yaml:6:5: secret `s`: gone does not exist'],
    ['is empty', 'empty', 'compose.yaml:6:5: secret `s` is empty, which the engine refuses: empty'],
    [
      'is a folder',
      '.',
      'compose.yaml:6:5: secret `s` needs `file` with a regular file or `external: true`: ',
    ],
    [
      'is too large',
      'large',
      'compose.yaml:6:5: secret `s` has 512000 bytes, and the engine takes less than 512000: large',
    ],
  ])('a secret whose file %s', async (_, name, message) => {
    await write('empty', '');
    await write('large', Buffer.alloc(512_000));
    const text = service(`secrets:\n  s:\n    file: ${name}`);
    const { code, message: shown } = await refusal([await write('compose.yaml', text)]);
    expect({ code, message: shown.replace(folder, '') }).toEqual({ code: 'config', message });
  });

  test('a config larger than the engine takes, and takes one of the size of no secret', async () => {
    await write('large', Buffer.alloc(1_024_000));
    await write('fits', Buffer.alloc(1_023_999));
    const large = await write('large.yaml', service('configs: { c: { file: large } }'));
    const fits = await write('fits.yaml', service('configs: { c: { file: fits } }'));
    expect((await refusal([large])).message).toContain('the engine takes less than 1024000');
    expect((await load([fits])).contents.configs.get('c')).toHaveLength(1_023_999);
  });

  test('a config without a file', async () => {
    const file = await write('compose.yaml', service('configs:\n  c: {}'));
    expect((await refusal([file])).message).toContain('compose.yaml:5:3: config `c` needs `file`');
  });

  test('to go on without a docker client', async () => {
    const file = await write('compose.yaml', service(''));
    expect(await refusal([file], { PATH: folder })).toMatchObject({
      code: 'toolchain',
      message: 'no docker client was found; compose files are read with it',
    });
  });

  test('to go on with a docker client that has no `stack config`', async () => {
    const client = await write(
      'docker',
      '#!/bin/sh\necho "unknown shorthand flag: \'c\' in -c" >&2\nexit 125\n',
    );
    await chmod(client, 0o755);
    const file = await write('compose.yaml', service(''));
    expect(await refusal([file], { PATH: folder })).toMatchObject({
      code: 'toolchain',
      message: 'the docker client on PATH is too old: it has no `docker stack config`',
    });
  });

  test('to go on when it is interrupted', async () => {
    const client = await write('docker', '#!/bin/sh\nexec /bin/sleep 600\n');
    await chmod(client, 0o755);
    const file = await write('compose.yaml', service(''));
    const signal = AbortSignal.timeout(100);
    expect(await refusal([file], { PATH: folder }, signal)).toMatchObject({ code: 'interrupted' });
  });
});
