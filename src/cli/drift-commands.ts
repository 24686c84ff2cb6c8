import { Option } from 'commander';
import { type AddCommands, confirmed, examples, onFleet, reporting } from './flags.ts';

/** The commands that compare clusters with their state. */
export const addDriftCommands: AddCommands = (cli, context, finish) => {
  confirmed(reporting(onFleet(cli.command('drift-check'))))
    .description('say in what the clusters differ from their state, for cron; nothing is changed')
    .option('--pending', 'also what the files would change')
    .addOption(
      new Option('--unmanaged <mode>', 'objects in the swarm that the state does not hold')
        .choices(['warn', 'drift', 'ignore'])
        .default('warn'),
    )
    .option('--since-last', 'count only what is new since the last check with this flag')
    .option('--fix', 'run `up` for the clusters that drifted, after showing it')
    .option('--allow-deletes', 'with --fix --yes: delete and replace too')
    .option('--prometheus <file>', "write the counts for node_exporter's textfile collector")
    .addHelpText(
      'after',
      `${examples([
        ['swarmctl drift-check', 'all clusters of swarmctl.yaml'],
        ['swarmctl drift-check --pending', 'and what was changed in the files'],
        ['swarmctl drift-check --since-last --json', 'each finding once, for a nightly job'],
        ['swarmctl drift-check --fix --yes', 'bring back what drifted'],
      ])}\n\nExit codes: 0 clean, 2 drift, faults or pending changes, 1 a cluster could not be checked.`,
    )
    .action(async (options) =>
      finish(await (await import('../commands/drift-check.ts')).driftCheck(options, context)),
    );

  confirmed(reporting(onFleet(cli.command('refresh'))))
    .description('take over into the state what the clusters are like now; they are not changed')
    .addHelpText(
      'after',
      examples([
        ['swarmctl refresh', 'shows what differs, and asks'],
        ['swarmctl refresh --clusters eu-west-1 --yes', 'one cluster, without a question'],
      ]),
    )
    .action(async (options) =>
      finish(await (await import('../commands/refresh.ts')).refresh(options, context)),
    );
};
