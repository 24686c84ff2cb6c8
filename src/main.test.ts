import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Host, main } from './main.ts';
import { packageRoot } from './package-root.ts';
import { createMemoryIo } from './report/memory-io.ts';

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));

/** A process to run in: memory streams, an empty environment and an empty folder. */
async function createHost(change: Partial<Pick<Host, 'cwd' | 'env'>> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'swarmctl-main-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const { stdin, stdout, stderr, outText, errText } = createMemoryIo();
  const signals = new EventEmitter();
  const streams = { stdin, stdout, stderr, env: {}, cwd: () => directory, ...change };
  const host = Object.assign(signals, streams) as unknown as Host;
  return { host, signals, directory, outText, errText };
}

async function run(argv: string[], change: Partial<Pick<Host, 'cwd' | 'env'>> = {}) {
  const { host, directory, outText, errText } = await createHost(change);
  const exitCode = await main(argv, host);
  const written = (name: string) => readFile(join(directory, name), 'utf8');
  return { exitCode, out: outText(), err: errText(), written, files: () => readdir(directory) };
}

test.each(['--version', '-V'])('%s prints the version and nothing else', async (flag) => {
  expect(await run([flag])).toMatchObject({ exitCode: 0, out: `${version}\n`, err: '' });
});

const commandsWithExamples =
  'up preview status destroy adopt render ps logs exec top scale restart rebalance lint doctor completion'.split(
    ' ',
  );

test('--help names every command', async () => {
  const { exitCode, out } = await run(['--help']);
  expect(exitCode).toBe(0);
  for (const command of [...commandsWithExamples, 'init', 'setup'])
    expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'));
});

test.each(commandsWithExamples)(
  'the examples in the help of %s are commands with flags that there are',
  async (command) => {
    const { out } = await run([command, '--help']);
    const shown = [...out.matchAll(/^ {2}\$ swarmctl (\S+)(.*?)(?: {2}|&&|$)/gm)];
    expect(shown.length).toBeGreaterThan(0);
    const [flags = ''] = out.split('\nExamples:');
    for (const [, name, rest = ''] of shown) {
      expect(name).toBe(command);
      for (const flag of rest.match(/--[a-z-]+/g) ?? []) expect(flags).toContain(` ${flag} `);
    }
  },
);

test.each<[string, string[], string]>([
  ['an unknown command', ['upp'], "unknown command 'upp'"],
  ['an unknown flag', ['status', '--regoins', 'eu'], "unknown option '--regoins'"],
  ['a flag without its value', ['status', '--regions'], 'argument missing'],
  ['a value that is none', ['status', '--parallel', '0'], 'Write a whole number above 0.'],
  ['an argument too many', ['status', 'eu'], 'too many arguments'],
])('%s is a usage error', async (_, argv, reason) => {
  const { exitCode, out, err } = await run(argv);
  expect(exitCode).toBe(64);
  expect(err).toContain(reason);
  expect(err).toContain('--help');
  expect(out).toBe('');
});

test('no command at all shows the help', async () => {
  const { exitCode, err } = await run([]);
  expect(exitCode).toBe(64);
  expect(err).toContain('Usage: swarmctl');
});

test('an error for the reader is its sentence and its hint, with no stack', async () => {
  const { exitCode, out, err } = await run(['status']);
  expect(exitCode).toBe(64);
  expect(err).toMatch(/^✖ there is no swarmctl.yaml in .*\n→ /);
  expect(err).not.toMatch(/^\s+at /m);
  expect(out).toBe('');
});

test.each<[string, string[], string, string]>([
  ['an error of a command', ['status', '--json'], 'status', 'there is no swarmctl.yaml'],
  ['an unknown flag', ['up', '--regoins', 'eu', '--json'], 'up', "unknown option '--regoins'"],
  ['an unknown command', ['upp', '--json'], 'upp', "unknown command 'upp'"],
])('with --json %s is exactly one JSON document', async (_, argv, command, reason) => {
  const { exitCode, out, err } = await run(argv);
  expect(JSON.parse(out)).toEqual({
    version: 1,
    command,
    ok: false,
    exitCode: 64,
    durationMs: expect.any(Number),
    clusters: [],
    error: expect.objectContaining({ code: 'usage', message: expect.stringContaining(reason) }),
  });
  expect(exitCode).toBe(64);
  expect(err).toContain(reason);
});

test('a run that fails before any cluster is told in every file that was asked for', async () => {
  const { exitCode, err, written } = await run(['status', '--html', 'a.html', '--events', 'b.ndjson'], {
    env: { GITHUB_STEP_SUMMARY: 'c.md' },
  });
  expect(exitCode).toBe(64);
  const reason = 'there is no swarmctl.yaml';
  expect(err).toContain(reason);
  expect(await written('a.html')).toContain(reason);
  const events = (await written('b.ndjson'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events).toMatchObject([
    { type: 'run-finished', report: { ok: false, exitCode: 64, command: 'status' } },
  ]);
  expect(await written('c.md')).toContain(reason);
});

test('in a GitHub job an error is an annotation on stderr, beside the one document', async () => {
  const { exitCode, out, err } = await run(['status', '--json'], { env: { GITHUB_ACTIONS: 'true' } });
  expect(exitCode).toBe(64);
  expect(JSON.parse(out)).toMatchObject({ exitCode: 64 });
  expect(err).toMatch(/^::error title=status::there is no swarmctl\.yaml in .*%0A→ Write one with/m);
});

test('a job summary that cannot be written is a warning, and the exit code stays', async () => {
  const { exitCode, err } = await run(['status'], { env: { GITHUB_STEP_SUMMARY: 'missing/c.md' } });
  expect(exitCode).toBe(64);
  expect(err).toMatch(
    /^warning: .*missing\/c\.md could not be written: its folder is not there\.\n✖ there is no/,
  );
});

test('--help with --json is help', async () => {
  const { exitCode, out } = await run(['status', '--help', '--json']);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/^Usage: swarmctl status/);
});

test('doctor needs no engine, no fleet and no tools, and leaves nothing behind', async () => {
  const { exitCode, out, err, files } = await run(['doctor', '--json'], {
    env: { DOCKER_HOST: 'unix:///nowhere/docker.sock', XDG_CACHE_HOME: '/nowhere' },
  });
  expect(exitCode).toBe(1);
  const { checks, ...report } = JSON.parse(out);
  expect(report).toEqual({ version: 1, command: 'doctor', ok: false, exitCode: 1 });
  expect(checks).toContainEqual(expect.objectContaining({ name: 'engine', status: 'fail' }));
  expect(err).toBe('');
  expect(await files()).toEqual([]);
});

const brokenHost = {
  cwd: () => {
    throw new TypeError('nobody expected this');
  },
};

test('an error that nobody expected says that it is a bug, where, and in what version', async () => {
  const { exitCode, out, err } = await run(['status'], brokenHost);
  expect(exitCode).toBe(1);
  expect(err).toContain('This is a bug in swarmctl: nobody expected this');
  expect(err).toMatch(/^\s+at .*main\.test\.ts/m);
  expect(err).toContain(`swarmctl ${version}`);
  expect(out).toBe('');
});

test('with --json it is one document too', async () => {
  const { exitCode, out } = await run(['status', '--json'], brokenHost);
  expect(exitCode).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    ok: false,
    exitCode: 1,
    error: { code: 'internal', message: 'nobody expected this' },
  });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s exits with 130 and says that it stops', async (signal) => {
  const { host, signals, directory, errText } = await createHost();
  host.cwd = () => {
    signals.emit(signal);
    return directory;
  };
  expect(await main(['status'], host)).toBe(130);
  expect(errText()).toContain('Stopping: this takes seconds.');
  expect(errText()).toContain('Interrupted.');
});

test('after a run nothing listens to signals', async () => {
  const { host, signals } = await createHost();
  await main(['status'], host);
  expect(signals.eventNames()).toEqual([]);
});
