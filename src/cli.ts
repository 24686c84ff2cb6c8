import { Command } from 'commander';
import { addBenchCommands } from './cli/bench-commands.ts';
import { addClusterCommands } from './cli/cluster-commands.ts';
import { addCompletionCommands } from './cli/completion-commands.ts';
import { addDriftCommands } from './cli/drift-commands.ts';
import { type AddCommands, examples } from './cli/flags.ts';
import { addMachineCommands } from './cli/machine-commands.ts';
import { addManagerCommands } from './cli/manager-commands.ts';
import { addRolloutCommands } from './cli/rollout-commands.ts';
import { addServiceCommands } from './cli/service-commands.ts';
import { addTaskCommands } from './cli/task-commands.ts';
import type { CommandContext } from './commands/context.ts';

/**
 * The commands and their flags. Each command's code is loaded when it runs.
 * @param context for the commands.
 * @param finish is told the exit code of the command that ran.
 */
export function createCli(
  context: CommandContext,
  version: string,
  finish: (exitCode: number) => void,
): Command {
  const cli = new Command('swarmctl')
    .description('Brings Docker Swarm clusters in many regions from machines to running apps.')
    .version(version)
    .helpCommand(false)
    .configureHelp({
      subcommandTerm: (command) => `${command.name()} ${command.usage().replace('[options]', '').trim()}`,
    })
    .showHelpAfterError('(add --help for all flags)')
    .addHelpText(
      'after',
      examples([
        ['swarmctl up --regions us-east-1,eu-west-1', 'two local swarms with the example app'],
        ['swarmctl init && swarmctl preview', 'a fleet of your own'],
        ['swarmctl doctor', 'what this machine lacks for it'],
      ]),
    );

  const groups: [heading: string, add: AddCommands][] = [
    ['Clusters:', addClusterCommands],
    ['Managers:', addManagerCommands],
    ['Drift:', addDriftCommands],
    ['Apps:', addTaskCommands],
    ['Apps:', addServiceCommands],
    ['Apps:', addRolloutCommands],
    ['Network:', addBenchCommands],
    ['This machine:', addMachineCommands],
    ['This machine:', addCompletionCommands],
  ];
  for (const [heading, add] of groups) {
    cli.commandsGroup(heading);
    add(cli, context, finish);
  }
  return cli;
}
