import { expect, test } from 'vitest';
import { createCli } from '../cli.ts';
import { automationFiles } from './example-files.ts';

const cli = createCli({} as never, '1', () => {});

/** Every call of swarmctl in the examples, by the file that it stands in. */
const calls = [...automationFiles]
  .filter(([path]) => !path.endsWith('.md'))
  .flatMap(([path, text]) => {
    const code = text.replace(/^\s*#.*$/gm, '');
    return [...code.matchAll(/(?:^|npx |\/|exec )swarmctl ([a-z-]+)([^\n|;&>]*)/gm)].map(
      ([, name = '', flags = '']) => [path, name, flags] as const,
    );
  });

test('they are found', () => {
  const names = calls.map(([, name]) => name);
  expect(new Set(names)).toEqual(new Set(['setup', 'preview', 'up', 'drift-check', 'watch', 'bench']));
});

test.each(calls)('%s: swarmctl %s%s is a command with its flags', (_, name, rest) => {
  const command = cli.commands.find((each) => each.name() === name);
  for (const flag of rest.match(/(?<=\s)--[a-z-]+/g) ?? [])
    expect(command?.options.map(({ long }) => long)).toContain(flag);
  expect(command).toBeDefined();
});
