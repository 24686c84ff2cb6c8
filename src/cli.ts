import { Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from './commands/context.ts';
import type { ExitCode } from './errors.ts';
import { splitNames } from './fleet/split-names.ts';

/** Clusters that are worked on at the same time, where nothing is said: each needs an engine and a provider. */
const defaultParallel = 8;

/**
 * The commands and their flags. Each command's code is loaded when it runs.
 * @param context for the commands.
 * @param finish is told the exit code of the command that ran.
 */
export function createCli(
  context: CommandContext,
  version: string,
  finish: (exitCode: ExitCode) => void,
): Command {
  const cli = new Command('swarmctl')
    .description('Brings Docker Swarm clusters in many regions from machines to running apps.')
    .version(version)
    .helpCommand(false)
    .showHelpAfterError('(add --help for all flags)')
    .addHelpText('after', topExamples);

  changing(reporting(onFleet(cli.command('up'))))
    .description('form the clusters that are missing, and deploy the apps to all')
    .option('--skip-bench', 'do not measure the latency between the nodes first')
    .addHelpText('after', upExamples)
    .action(async (options) => finish(await (await import('./commands/up.ts')).up(options, context)));

  reporting(onFleet(cli.command('preview')))
    .description('show what `up` would do; nothing is changed')
    .option('--detailed-exitcode', 'exit with 2 when there are changes')
    .action(async (options) =>
      finish(await (await import('./commands/preview.ts')).preview(options, context)),
    );

  reporting(onFleet(cli.command('status')))
    .description('show the nodes and services of the clusters')
    .action(async (options) => finish(await (await import('./commands/status.ts')).status(options, context)));

  changing(reporting(onFleet(cli.command('destroy'))))
    .description('remove the clusters with everything in them')
    .action(async (options) =>
      finish(await (await import('./commands/destroy.ts')).destroy(options, context)),
    );

  reporting(onFleet(cli.command('adopt')))
    .description('take over what runs already: swarms, and stacks of `docker stack deploy`')
    .option('-y, --yes', 'do not ask; needed without a terminal')
    .option('--dry-run', 'show what would be adopted and what not')
    .addHelpText('after', adoptExamples)
    .action(async (options) => finish(await (await import('./commands/adopt.ts')).adopt(options, context)));

  onFleet(cli.command('render'))
    .description('print the Engine objects that would be sent; no engine is needed')
    .action(async (options) => finish(await (await import('./commands/render.ts')).render(options, context)));

  cli
    .command('doctor')
    .description('check what this machine lacks for swarms; nothing is changed')
    .option('-f, --file <path>', 'the fleet file (default: swarmctl.yaml, where there is one)')
    .option('--json', 'print one JSON document')
    .addHelpText('after', doctorExamples)
    .action(async (options) => finish(await (await import('./commands/doctor.ts')).doctor(options, context)));

  cli
    .command('init')
    .description('write a first swarmctl.yaml')
    .action(async () => finish(await (await import('./commands/init.ts')).init(context)));

  cli
    .command('setup')
    .description('install what is needed and npm does not bring')
    .option('-y, --yes', 'answer every question with yes')
    .option('--engine <version>', 'Docker Engine of local nodes', '26')
    .action(async (options) => finish(await (await import('./commands/setup.ts')).setup(options, context)));

  return cli;
}

function onFleet(command: Command): Command {
  return command
    .option('-f, --file <path>', 'the fleet file (default: swarmctl.yaml)')
    .option('--target <target>', 'where nodes are: local')
    .option(
      '-r, --regions <names>',
      'only these regions; without a fleet file, a local fleet of them',
      splitNames,
    )
    .option('-c, --clusters <names>', 'only these clusters', splitNames)
    .option('--parallel <n>', 'clusters at the same time', positiveInteger, defaultParallel)
    .option('--json', 'print one JSON document');
}

function reporting(command: Command): Command {
  return command
    .option('--html <file>', 'write the report as a page too')
    .option('--events <file>', 'write what happens as lines of JSON, as it happens');
}

function changing(command: Command): Command {
  return command
    .option('-y, --yes', 'do not ask; needed without a terminal')
    .option('--allow-deletes', 'with --yes: delete and replace too');
}

function positiveInteger(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('Write a whole number above 0.');
}

const topExamples = `
Examples:
  $ swarmctl up --regions us-east-1,eu-west-1      two local swarms with the example app
  $ swarmctl init && swarmctl preview              a fleet of your own
  $ swarmctl status --json
`;

const upExamples = `
Examples:
  $ swarmctl up                                    all clusters of swarmctl.yaml
  $ swarmctl up --regions eu-west-1 --yes          one region, as in CI
  $ swarmctl up --yes --allow-deletes              also what deletes or replaces
  $ swarmctl up --yes --html up.html --events up.ndjson
`;

const doctorExamples = `
Examples:
  $ swarmctl doctor                                what is missing, and what to do about it
  $ swarmctl doctor --json | jq '.checks[] | select(.status == "fail")'

Exit codes: 0 nothing failed (warnings may be there), 1 a check failed.
`;

const adoptExamples = `
Nothing that runs is changed: what is there is taken into the state as it is. What \`up\` would change from then on is
shown, with the tasks that it would replace. Configs and secrets keep their names until their content changes.

Examples:
  $ swarmctl adopt --dry-run                       what would be adopted, and what not and why
  $ swarmctl adopt --clusters eu-west-1            a stack that was deployed by \`docker stack deploy\`
  $ swarmctl adopt --yes && swarmctl preview       clusters whose .swarmctl folder was lost
`;
