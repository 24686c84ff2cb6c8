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
    .addHelpText(
      'after',
      examples([
        ['swarmctl up --regions us-east-1,eu-west-1', 'two local swarms with the example app'],
        ['swarmctl init && swarmctl preview', 'a fleet of your own'],
        ['swarmctl doctor', 'what this machine lacks for it'],
      ]),
    );

  confirmed(reporting(onFleet(cli.command('up'))))
    .description('form the clusters that are missing, and deploy the apps to all')
    .option('--allow-deletes', 'with --yes: delete and replace too')
    .option('--skip-bench', 'do not measure the latency between the nodes first')
    .addHelpText(
      'after',
      examples([
        ['swarmctl up', 'all clusters of swarmctl.yaml'],
        ['swarmctl up --regions eu-west-1 --yes', 'one region, as in CI'],
        ['swarmctl up --yes --allow-deletes', 'also what deletes or replaces'],
        ['swarmctl up --yes --html up.html', 'with a page to keep'],
      ]),
    )
    .action(async (options) => finish(await (await import('./commands/up.ts')).up(options, context)));

  reporting(onFleet(cli.command('preview')))
    .description('show what `up` would do; nothing is changed')
    .option('--detailed-exitcode', 'exit with 2 when there are changes')
    .addHelpText(
      'after',
      examples([
        ['swarmctl preview --clusters eu-west-1', 'of one cluster'],
        ['swarmctl preview --detailed-exitcode', 'is anything to be done? 0 no, 2 yes'],
      ]),
    )
    .action(async (options) =>
      finish(await (await import('./commands/preview.ts')).preview(options, context)),
    );

  reporting(onFleet(cli.command('status')))
    .description('show the nodes and services of the clusters')
    .addHelpText(
      'after',
      examples([
        ['swarmctl status', 'nodes, services and URLs'],
        ["swarmctl status --json | jq -r '.clusters[].urls[]'", 'where the apps answer'],
      ]),
    )
    .action(async (options) => finish(await (await import('./commands/status.ts')).status(options, context)));

  confirmed(reporting(onFleet(cli.command('destroy'))))
    .description('remove the clusters with everything in them')
    .addHelpText(
      'after',
      examples([
        ['swarmctl destroy', 'shows what goes, and asks'],
        ['swarmctl destroy --clusters eu-west-1 --yes', 'one cluster, without a question'],
      ]),
    )
    .action(async (options) =>
      finish(await (await import('./commands/destroy.ts')).destroy(options, context)),
    );

  confirmed(reporting(onFleet(cli.command('adopt'))))
    .description('take over what runs already: swarms, and stacks of `docker stack deploy`')
    .option('--dry-run', 'show what would be adopted and what not')
    .addHelpText(
      'after',
      adoptNote +
        examples([
          ['swarmctl adopt --dry-run', 'what would be adopted, and what not and why'],
          ['swarmctl adopt --clusters eu-west-1', 'a stack that was deployed by `docker stack deploy`'],
          ['swarmctl adopt --yes && swarmctl preview', 'clusters whose .swarmctl folder was lost'],
        ]),
    )
    .action(async (options) => finish(await (await import('./commands/adopt.ts')).adopt(options, context)));

  onFleet(cli.command('render'))
    .description('print the Engine objects that would be sent; no engine is needed')
    .addHelpText('after', examples([['swarmctl render --clusters eu-west-1 --json', 'those of one cluster']]))
    .action(async (options) => finish(await (await import('./commands/render.ts')).render(options, context)));

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

function confirmed(command: Command): Command {
  return command.option('-y, --yes', 'do not ask; needed without a terminal');
}

function positiveInteger(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('Write a whole number above 0.');
}

const adoptNote = `
Nothing that runs is changed: what is there is taken into the state as it is. What \`up\` would change from then on is
shown, with the tasks that it would replace. Configs and secrets keep their names until their content changes.
`;

/** Worked examples for the end of a help, the meanings below each other. */
function examples(lines: [command: string, meaning: string][]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  const shown = lines.map(([command, meaning]) => `  $ ${command.padEnd(width)}  ${meaning}`);
  return ['', 'Examples:', ...shown].join('\n');
}
