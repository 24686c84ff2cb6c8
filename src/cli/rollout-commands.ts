import { type AddCommands, confirmed, examples, onFleet, positiveInteger, reporting } from './flags.ts';

/** The commands that are about versions of the apps and of their secrets. */
export const addRolloutCommands: AddCommands = (cli, context, finish) => {
  onFleet(cli.command('history'))
    .description('show what was changed, when, by whom, and how it ended')
    .addHelpText(
      'after',
      examples([
        ['swarmctl history', 'all changes, the newest first'],
        ["swarmctl history --json | jq '.records[-1].version'", 'the version that is there now'],
      ]),
    )
    .action(async (options) =>
      finish(await (await import('../commands/history.ts')).history(options, context)),
    );

  confirmed(reporting(onFleet(cli.command('rollback'))))
    .description('bring the apps back to what ran after an earlier version')
    .option('--to <version>', 'the version (default: the one before the last)', positiveInteger)
    .option('--allow-deletes', 'with --yes: delete and replace too')
    .addHelpText(
      'after',
      rollbackNote +
        examples([
          ['swarmctl rollback', 'undoes the last change of the fleet'],
          ['swarmctl rollback --to 7 --clusters eu-west-1', 'one cluster, further back'],
        ]),
    )
    .action(async (options) =>
      finish(await (await import('../commands/rollback.ts')).rollback(options, context)),
    );
};

const rollbackNote = `
The machines stay as they are. The compose files stay the truth: the next \`up\` goes forward again, and says so.
`;
