import { Option } from 'commander';
import { type AddCommands, examples } from './flags.ts';

/** The commands that are about this machine and this folder. */
export const addMachineCommands: AddCommands = (cli, context, finish) => {
  cli
    .command('doctor')
    .description('check what this machine lacks for swarms; nothing is changed')
    .option('-f, --file <path>', 'the fleet file (default: swarmctl.yaml, where there is one)')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `${examples([
        ['swarmctl doctor', 'what is missing, and what to do about it'],
        ['swarmctl doctor --json | jq .checks', 'for a script'],
      ])}\n\nExit codes: 0 nothing failed (warnings may be there), 1 a check failed.`,
    )
    .action(async (options) =>
      finish(await (await import('../commands/doctor.ts')).doctor(options, context)),
    );

  cli
    .command('init')
    .description('write a first swarmctl.yaml')
    .addOption(
      new Option('--target <target>', 'where its nodes are')
        .choices(['local', 'hosts', 'aws'])
        .default('local'),
    )
    .addHelpText(
      'after',
      examples([
        ['swarmctl init', 'nodes on this machine'],
        ['swarmctl init --target hosts', 'machines that are there already'],
      ]),
    )
    .action(async (options) => finish(await (await import('../commands/init.ts')).init(options, context)));

  cli
    .command('setup')
    .description('install what is needed and npm does not bring')
    .option('-y, --yes', 'answer every question with yes')
    .option('--engine <version>', 'Docker Engine of local nodes', '26')
    .action(async (options) => finish(await (await import('../commands/setup.ts')).setup(options, context)));
};
