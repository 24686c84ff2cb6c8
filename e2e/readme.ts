import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { packageRoot } from '../src/package-root.ts';

export const readme = await readFile(join(packageRoot, 'README.md'), 'utf8');

/** The contents of the README's code blocks in a language. */
export function blocksOf(language: string): string[] {
  const fence = '```';
  const block = new RegExp(`^${fence}${language}\\n(.*?)^${fence}`, 'gms');
  return [...readme.matchAll(block)].map(([, text = '']) => text);
}

/** The README's commands, without their comments. */
export function readmeCommands(): string[] {
  return blocksOf('sh')
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}

/**
 * Runs a command as somebody types it who has swarmctl on PATH. Where they would be asked, the answer is yes.
 * @returns what it wrote to stdout
 * @throws Error with all that it wrote when it does not end with 0
 */
export async function runCommand(folder: string, command: string): Promise<string> {
  const asks = /swarmctl (up|destroy)\b(?!.*--yes)/.test(command);
  const { exitCode, stdout, stderr } = await execa('sh', ['-c', asks ? `${command} --yes` : command], {
    cwd: folder,
    env: { PATH: `${join(packageRoot, 'bin')}:${process.env.PATH}` },
    reject: false,
    stdin: 'ignore',
  });
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}:\n${stdout}\n${stderr}`);
  return stripVTControlCharacters(stdout);
}
