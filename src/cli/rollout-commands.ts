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

  const secrets = cli.command('secrets').description('see and rotate the secrets that services mount');
  onFleet(secrets.command('status'))
    .description('show which version each cluster mounts, and whether it is the same; never a value')
    .addHelpText(
      'after',
      `${examples([
        ['swarmctl secrets status', 'version and age, by cluster'],
        ["swarmctl secrets status --json | jq '.secrets[] | select(.tooOld)'", 'those to rotate'],
      ])}\n\nExit codes: 0 the same everywhere, 1 a cluster could not be read, 2 clusters differ.`,
    )
    .action(async (options) =>
      finish(await (await import('../commands/secrets-status.ts')).secretsStatus(options, context)),
    );

  confirmed(reporting(onFleet(secrets.command('rotate'))))
    .description('give the services that mount a secret what its source has now')
    .argument('<name>', 'the secret, as the compose file calls it')
    .addHelpText(
      'after',
      rotateNote + examples([['swarmctl secrets rotate db-password', 'in all clusters, by the rollout']]),
    )
    .action(async (name, options) =>
      finish(await (await import('../commands/secrets-rotate.ts')).secretsRotate(name, options, context)),
    );
};

const rotateNote = `
Where more than this would change, nothing is done: \`up\` rotates secrets too. Old versions stay for a rollback.
`;

const rollbackNote = `
The machines stay as they are, and so do numbers of tasks that were chosen with \`scale\`. The compose files stay the
truth: the next \`up\` goes forward again, and says so.
`;
