import type { ExitCode } from '../errors.ts';
import { type Bench, openBench } from '../pipeline/bench.ts';
import { formatElapsed } from '../report/wording.ts';
import type { CommandContext, ReportOptions } from './context.ts';
import { runFleetCommand } from './fleet-command.ts';
import { prepareToolchain } from './toolchain.ts';

export interface BenchCommandOptions extends ReportOptions {
  parallel: number;
  quick?: boolean;
  /** The most pairs of a cluster, and between the clusters. */
  pairs?: number;
  /** How long it may take, in milliseconds. */
  duration?: number;
  yes?: boolean;
}

/** `swarmctl bench`: measures the network inside the selected clusters and between them. */
export function bench(options: BenchCommandOptions, context: CommandContext): Promise<ExitCode> {
  const { signal } = context;
  const { quick = false, pairs, duration: durationMs, parallel } = options;
  let opened: Bench | undefined;
  return runFleetCommand(
    {
      name: 'bench',
      parallel,
      notifies: true,
      async prepare({ fleet, clusters, emit }) {
        const { probeImage } = await prepareToolchain(fleet, options, context, emit);
        const work = { quick, pairs, durationMs, fleet, clusters, parallel, probeImage, emit, signal };
        const bench = openBench(work);
        opened = bench;
        const message = `Measuring takes about ${formatElapsed(bench.estimatedSeconds * 1_000)}`;
        emit({ type: 'note', level: 'info', message });
        return bench.measureCluster;
      },
      finish: async () => opened && { benchmark: await opened.finish() },
    },
    options,
    context,
  );
}
