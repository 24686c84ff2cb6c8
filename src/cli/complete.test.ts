import { expect, test } from 'vitest';
import { createCli } from '../cli.ts';
import { fixtureFolder } from '../fleet/fixture-folder.ts';
import { createMemoryIo } from '../report/memory-io.ts';
import { completionLines } from './completion-lines.ts';

const fleetFile = `fleet: shop
clusters: { us-east-1: {}, eu-west-1: {}, green: { region: eu-west-1 } }
`;

/** What a shell is answered, in a folder with these files. */
async function answer(words: string[], files: Record<string, string> = { 'swarmctl.yaml': fleetFile }) {
  const directory = await fixtureFolder(files);
  const context = {
    io: createMemoryIo(),
    signal: new AbortController().signal,
    stopsAtOnce() {},
    env: {},
    directory,
  };
  const cli = createCli(context, '1', () => {});
  const [kind, ...lines] = (await completionLines(cli, words, { env: {}, directory })).trimEnd().split('\n');
  return kind === 'files' ? kind : lines.map((line) => line.split('\t')[0]);
}

const visible = () =>
  createCli({} as never, '1', () => {}).commands.filter((each) => each.name() !== '__complete');

test('every command is offered, with what it does, and the hidden one is not', async () => {
  expect(await answer([''])).toEqual(visible().map((command) => command.name()));
  const directory = await fixtureFolder({});
  const cli = createCli({} as never, '1', () => {});
  expect(await completionLines(cli, ['dest'], { env: {}, directory })).toBe(
    'words\ndestroy\tremove the clusters with everything in them\n',
  );
});

test('every flag of every command is offered', async () => {
  for (const command of visible()) {
    const flags = command.options.map(({ long }) => long);
    expect(await answer([command.name(), '--'])).toEqual([...flags, '--help']);
  }
});

test.each<[string, string[], string[] | 'files']>([
  ['the start of a command', ['pre'], ['preview']],
  ['the start of a flag', ['up', '--al'], ['--allow-deletes']],
  ['a flag that was given', ['up', '--json', '--js'], []],
  ['flags before a command', ['--v'], ['--version']],
  ['the name of a cluster', ['up', '--clusters', ''], ['us-east-1', 'eu-west-1', 'green']],
  ['behind a short flag', ['up', '-c', 'g'], ['green']],
  ['the next one of a list', ['up', '-c', 'green,u'], ['green,us-east-1']],
  ['each region once', ['status', '--regions', ''], ['us-east-1', 'eu-west-1']],
  ['behind an equals sign', ['up', '--clusters=g'], ['--clusters=green']],
  [
    'an equals sign as bash has it',
    ['up', '--clusters', '='],
    ['--clusters=us-east-1', '--clusters=eu-west-1', '--clusters=green'],
  ],
  ['a value behind it as bash has it', ['up', '--clusters', '=', 'us'], ['--clusters=us-east-1']],
  ['a target', ['up', '--target', ''], ['local', 'hosts', 'aws']],
  ['a file', ['up', '--html', 're'], 'files'],
  ['a file behind an equals sign', ['up', '--file=x'], 'files'],
  ['the fleet file', ['logs', '--file', ''], 'files'],
  ['a number', ['up', '--parallel', ''], []],
  ['a value that was given', ['up', '--parallel', '3', '--skip'], ['--skip-bench']],
  ['a shell', ['completion', ''], ['bash', 'zsh', 'fish']],
  ['a second shell', ['completion', 'bash', ''], []],
  ['an argument that nobody knows', ['exec', 'web', ''], []],
  ['behind --', ['exec', 'web', '--', '--j'], []],
  ['an unknown command', ['nothing', '--'], ['--version', '--help']],
  ['an unknown flag', ['up', '--nothing=1', '--skip'], ['--skip-bench']],
])('%s', async (_, words, expected) => {
  expect(await answer(words)).toEqual(expected);
});

test('the fleet file is the one that the flag names', async () => {
  const files = { 'swarmctl.yaml': fleetFile, 'other.yaml': 'clusters: { red: }' };
  expect(await answer(['up', '-f', 'other.yaml', '-c', ''], files)).toEqual(['red']);
  expect(await answer(['up', '--file=other.yaml', '-c', ''], files)).toEqual(['red']);
});

test.each<[string, Record<string, string>, string[]]>([
  ['no fleet file', {}, []],
  [
    'one that is being written',
    { 'swarmctl.yaml': 'fleet: shop\nclusters:\n  us-east-1:\n    man' },
    ['us-east-1'],
  ],
  ['one that is no YAML', { 'swarmctl.yaml': 'clusters: [' }, []],
  ['one of another shape', { 'swarmctl.yaml': 'clusters: [a]\n' }, []],
  ['one that is a text', { 'swarmctl.yaml': 'hello\n' }, []],
  [
    'names that a shell would not take as they are',
    { 'swarmctl.yaml': 'clusters: { "$(id)": {}, "a b": {}, ok: {} }' },
    ['ok'],
  ],
])('%s is no error', async (_, files, expected) => {
  expect(await answer(['up', '-c', ''], files)).toEqual(expected);
});
