import { Argument } from 'commander';
import { exitCodes } from '../errors.ts';
import { type AddCommands, examples } from './flags.ts';

/** What shells complete commands by. */
export const addCompletionCommands: AddCommands = (cli, { io, env, directory }, finish) => {
  cli
    .command('completion')
    .description('print what a shell loads to complete commands, flags and names of clusters')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      examples([
        ['swarmctl completion bash', 'in ~/.bashrc: eval "$(swarmctl completion bash)"'],
        ['swarmctl completion zsh', 'in ~/.zshrc, after compinit: eval "$(swarmctl completion zsh)"'],
        ['swarmctl completion fish', 'in config.fish: swarmctl completion fish | source'],
      ]),
    )
    .action(async (shell: string) => {
      const { completionScripts } = await import('./completion-scripts.ts');
      io.stdout.write(completionScripts[shell as keyof typeof completionScripts]);
      finish(exitCodes.done);
    });

  cli
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .helpOption(false)
    .action(async (words: string[]) => {
      const { completionLines } = await import('./completion-lines.ts');
      io.stdout.write(await completionLines(cli, words, { env, directory }));
      finish(exitCodes.done);
    });
};
