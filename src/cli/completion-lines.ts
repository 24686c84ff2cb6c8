import type { Command } from 'commander';
import { complete } from './complete.ts';

/**
 * The answer to a shell: `words` or `files`, and a line for each word with a tab and its meaning. Somebody is typing:
 * whatever is wrong, such as the fleet file, means that there is nothing to offer, and is not told.
 */
export async function completionLines(
  cli: Command,
  words: readonly string[],
  place: { env: NodeJS.ProcessEnv; directory: string },
): Promise<string> {
  const names = {
    clusters: async (file: string | undefined) =>
      (await import('../fleet/names.ts')).namedClusters(file, place),
    targets: async () => (await import('../fleet/schema.ts')).targets,
  };
  const found = await complete(cli, words, names).catch(() => []);
  if (found === 'files') return 'files\n';
  const lines = found.map(({ value, meaning }) => `${value}\t${meaning.split('\n')[0]}`);
  return ['words', ...lines, ''].join('\n');
}
