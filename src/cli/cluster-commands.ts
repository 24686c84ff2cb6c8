import { type AddCommands, confirmed, examples, onFleet, reporting } from './flags.ts';

/** The commands that bring clusters up and down and show them. */
export const addClusterCommands: AddCommands = (cli, context, finish) => {
  confirmed(reporting(onFleet(cli.command('up'))))
    .description('form the clusters that are missing, and deploy the apps to all')
    .option('--allow-deletes', 'with --yes: delete and replace too')
    .option('--skip-bench', 'do not measure the latency between the nodes first')
    .option('--dry-run', 'show the order of the rollout, and do nothing')
    .addHelpText(
      'after',
      examples([
        ['swarmctl up', 'all clusters of swarmctl.yaml'],
        ['swarmctl up --regions eu-west-1 --yes', 'one region, as in CI'],
        ['swarmctl up --yes --allow-deletes', 'also what deletes or replaces'],
        ['swarmctl up --yes --html up.html', 'with a page to keep'],
        ['swarmctl up --dry-run', 'which cluster has its turn when'],
      ]),
    )
    .action(async (options) => finish(await (await import('../commands/up.ts')).up(options, context)));

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
      finish(await (await import('../commands/preview.ts')).preview(options, context)),
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
    .action(async (options) =>
      finish(await (await import('../commands/status.ts')).status(options, context)),
    );

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
      finish(await (await import('../commands/destroy.ts')).destroy(options, context)),
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
    .action(async (options) => finish(await (await import('../commands/adopt.ts')).adopt(options, context)));

  onFleet(cli.command('cost'))
    .description('show what the clusters cost a month, by a price table; nothing is asked of a cloud')
    .addHelpText(
      'after',
      examples([
        ['swarmctl cost', 'cluster by cluster'],
        ['swarmctl cost --target aws --regions us-east-1,eu-west-1', 'without a fleet file'],
        ['swarmctl cost --json | jq .monthly', 'the sum, in US dollars'],
      ]),
    )
    .action(async (options) => finish(await (await import('../commands/cost.ts')).cost(options, context)));

  onFleet(cli.command('render'))
    .description('print the Engine objects that would be sent; no engine is needed')
    .addHelpText('after', examples([['swarmctl render --clusters eu-west-1 --json', 'those of one cluster']]))
    .action(async (options) =>
      finish(await (await import('../commands/render.ts')).render(options, context)),
    );
};

const adoptNote = `
Nothing that runs is changed: what is there is taken into the state as it is. What \`up\` would change from then on is
shown, with the tasks that it would replace. Configs and secrets keep their names until their content changes.
`;
