import { Argument } from 'commander';
import { type AddCommands, examples, onFleet, positiveInteger, reporting } from './flags.ts';

/** The commands that are about locked managers and what lets nodes into a swarm. */
export const addManagerCommands: AddCommands = (cli, context, finish) => {
  reporting(onFleet(cli.command('unlock')))
    .description('unlock the managers that were restarted, with the keys of the state')
    .addHelpText(
      'after',
      examples([
        ['swarmctl unlock', 'in all clusters of swarmctl.yaml'],
        ['swarmctl unlock --clusters eu-west-1', 'in one of them'],
      ]) + exitCodeNote,
    )
    .action(async (options) =>
      finish(await (await import('../commands/unlock.ts')).unlock(options, context)),
    );

  onFleet(cli.command('watch'))
    .description('unlock managers whenever they come back locked, until it is stopped')
    .option('--interval <seconds>', 'between two looks at the managers', positiveInteger, 10)
    .addHelpText(
      'after',
      `${examples([
        ['swarmctl watch', 'one line for each thing that happens'],
        ['swarmctl watch --interval 60 --json', 'one line of JSON'],
      ])}\n\nExit codes: 0 stopped by SIGINT or SIGTERM, 1 the state cannot be read, 64 wrong flags.`,
    )
    .action(async (options) => finish(await (await import('../commands/watch.ts')).watch(options, context)));

  reporting(onFleet(cli.command('unlock-key')))
    .description('show the unlock key that the state holds, or change it')
    .option('--rotate', 'change it, and show none')
    .addHelpText(
      'after',
      keyNote +
        examples([
          ['swarmctl unlock-key --clusters eu-west-1', 'the key and nothing else, for emergencies'],
          ['swarmctl unlock-key --rotate', 'another key for each cluster'],
        ]) +
        exitCodeNote,
    )
    .action(async (options) =>
      finish(await (await import('../commands/unlock-key.ts')).unlockKey(options, context)),
    );

  reporting(onFleet(cli.command('join-token')))
    .description('change the token by which nodes join; none is shown')
    .addArgument(new Argument('<role>', 'of the nodes that join with it').choices(['manager', 'worker']))
    .requiredOption('--rotate', 'change it; swarmctl itself asks for it whenever a node joins')
    .addHelpText(
      'after',
      examples([
        ['swarmctl join-token --rotate worker', 'in all clusters'],
        ['swarmctl join-token --rotate manager --clusters eu-west-1', 'in one of them'],
      ]) + exitCodeNote,
    )
    .action(async (role, options) =>
      finish(await (await import('../commands/join-token.ts')).joinToken(role, options, context)),
    );
};

const keyNote = `
The last five keys of a cluster stay in the state: a manager that was down during a change asks for an older one.
`;

const exitCodeNote = '\n\nExit codes: 0 done, 1 a cluster failed (the others are done), 64 wrong flags.';
