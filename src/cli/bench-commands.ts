import { InvalidArgumentError, Option } from 'commander';
import { type AddCommands, examples, onFleet, positiveInteger, reporting } from './flags.ts';

/** The commands that measure. */
export const addBenchCommands: AddCommands = (cli, context, finish) => {
  reporting(onFleet(cli.command('bench')))
    .description('measure latency, throughput and MTU inside the clusters and between them')
    .option('--quick', 'latency and MTU only, as in `up`')
    .option('--duration <time>', 'how long it may take, such as 90s or 5m', milliseconds)
    .option(
      '--pairs <n>',
      'pairs of nodes in each cluster, and between them, at most (default: 12)',
      positiveInteger,
    )
    .option('--save-baseline [name]', 'keep the result to compare later ones with')
    .option('--baseline [name|file]', 'compare with a result that was kept, or with that of a file')
    .addOption(
      new Option('--inconclusive <what>', 'what to do when busy nodes leave the verdict open')
        .choices(['fail', 'warn'])
        .default('warn'),
    )
    .option('--prometheus <file>', "write metrics for the textfile collector of Prometheus' node_exporter")
    .addHelpText(
      'after',
      `${examples([
        ['swarmctl bench', 'everything; tells first how long it takes'],
        ['swarmctl bench --quick --clusters eu-west-1', 'the latency in one cluster, in seconds'],
        ['swarmctl bench --duration 3m --pairs 4 --json > bench.json', 'with every round and histogram'],
        ['swarmctl bench --save-baseline', 'what later ones are compared with'],
        ['swarmctl bench --baseline --html bench.html', 'has it become slower?'],
      ])}\n\nExit codes: 0 pass, 3 a limit of the budget is missed or it is slower than the baseline, 4 another baseline.`,
    )
    .action(async (options) => finish(await (await import('../commands/bench.ts')).bench(options, context)));
};

const msByUnit: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 };

function milliseconds(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+)([smh])$/.exec(text) ?? [];
  const ms = Number(amount) * (msByUnit[unit] ?? 0);
  if (ms > 0) return ms;
  throw new InvalidArgumentError('Write a number with its unit: s, m or h.');
}
