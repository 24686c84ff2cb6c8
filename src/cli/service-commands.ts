import { type AddCommands, confirmed, examples, onFleet, reporting } from './flags.ts';

/** The commands that change how many tasks services have and where, with the same version of everything. */
export const addServiceCommands: AddCommands = (cli, context, finish) => {
  reporting(onFleet(cli.command('scale')))
    .description('give services another number of tasks than the compose file says; `up` keeps it')
    .argument('[service=n...]', 'such as web=5; with --reset names of services')
    .option('--reset', 'end it: of these services, or of all')
    .addHelpText(
      'after',
      scaleNote +
        examples([
          ['swarmctl scale web=5', 'in all clusters'],
          ['swarmctl scale web=5 worker=0 --clusters eu-west-1', 'two services of one cluster'],
          ['swarmctl scale --reset web', 'back to what the compose file says'],
        ]) +
        exitCodes(),
    )
    .action(async (services, options) =>
      finish(await (await import('../commands/scale.ts')).scale(services, options, context)),
    );

  reporting(onFleet(cli.command('restart')))
    .description('replace all tasks of services by equal ones, as a rolling update')
    .argument('<service...>', 'such as web')
    .addHelpText(
      'after',
      '\nNobody is asked: the version stays, and the service is updated as its update_config says.\n' +
        examples([
          ['swarmctl restart web', 'in all clusters at the same time'],
          ['swarmctl restart web --parallel 1', 'in one cluster after the other'],
          ['swarmctl restart web worker --clusters eu-west-1', 'two services of one cluster'],
        ]) +
        exitCodes(),
    )
    .action(async (services, options) =>
      finish(await (await import('../commands/restart.ts')).restart(services, options, context)),
    );

  confirmed(reporting(onFleet(cli.command('rebalance'))))
    .description('spread the tasks of services evenly over the nodes again; a swarm does not do it by itself')
    .addHelpText(
      'after',
      examples([
        ['swarmctl rebalance', 'shows what would move, and asks'],
        ['swarmctl rebalance --clusters eu-west-1 --yes', 'one cluster, without a question'],
      ]) + exitCodes(' 4 not confirmed,'),
    )
    .action(async (options) =>
      finish(await (await import('../commands/rebalance.ts')).rebalance(options, context)),
    );

  onFleet(cli.command('lint'))
    .description('tell what production practice asks of the services and they do not have')
    .option('--strict', 'exit with 1 when there are errors or warnings')
    .addHelpText(
      'after',
      `${examples([
        ['swarmctl lint', 'what is found, with the line of the compose file and the fix'],
        ['swarmctl lint --strict', 'as a check in CI'],
        ['swarmctl lint --json | jq \'.findings[] | select(.severity == "error")\'', 'the errors alone'],
      ])}\n\nImages are scanned by trivy, where it is installed.\nExit codes: 0 done, 1 with --strict, 64 a wrong flag or file.`,
    )
    .action(async (options) => finish(await (await import('../commands/lint.ts')).lint(options, context)));
};

const scaleNote = `
The number, who chose it and when are kept in the fleet's state: \`preview\` and \`status\` show them. It ends with
--reset, or when the compose file comes to say another number than it said then; a rollback keeps it. Nobody is asked,
also for 0: the command says all that it does.
`;

function exitCodes(more = ''): string {
  return `\n\nExit codes: 0 done, 1 a cluster failed (the others are done),${more} 64 wrong flags.`;
}
