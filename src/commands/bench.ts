import { resolve } from 'node:path';
import type { ExitCode } from '../errors.ts';
import type { Emit } from '../events.ts';
import { type Bench, openBench } from '../pipeline/bench.ts';
import { type JudgedBench, openJudge } from '../pipeline/judge-bench.ts';
import { benchMetrics } from '../report/bench-metrics.ts';
import type { BenchResult } from '../report/bench-result.ts';
import { checkOutputFile, reasonOf } from '../report/output-file.ts';
import { writeMetrics } from '../report/prometheus.ts';
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
  /** A name or a file; `true` is the one without a name. */
  baseline?: string | true;
  saveBaseline?: string | true;
  inconclusive: 'fail' | 'warn';
  /** File for the textfile collector of Prometheus' node_exporter. */
  prometheus?: string;
}

/** `swarmctl bench`: measures the network inside the selected clusters and between them, and judges it. */
export function bench(options: BenchCommandOptions, context: CommandContext): Promise<ExitCode> {
  const { signal } = context;
  const { quick = false, pairs, duration: durationMs, parallel } = options;
  const metrics = options.prometheus && resolve(context.directory, options.prometheus);
  let opened: Opened | undefined;
  return runFleetCommand(
    {
      name: 'bench',
      parallel,
      notifies: true,
      check() {
        if (metrics) checkOutputFile('--prometheus', metrics);
      },
      async prepare({ fleet, clusters, emit }) {
        const { baseline, saveBaseline, inconclusive } = options;
        const measures = { baseline, saveBaseline, inconclusive, directory: context.directory };
        const judge = await openJudge({ fleet, emit, ...measures });
        const { probeImage } = await prepareToolchain(fleet, options, context, emit);
        const work = { quick, pairs, durationMs, fleet, clusters, parallel, probeImage, emit, signal };
        const bench = openBench(work);
        opened = { bench, judge, emit };
        const message = `Measuring takes about ${formatElapsed(bench.estimatedSeconds * 1_000)}`;
        emit({ type: 'note', level: 'info', message });
        return bench.measureCluster;
      },
      finish: async () => opened && judged(opened, metrics),
    },
    options,
    context,
  );
}

interface Opened {
  bench: Bench;
  judge(result: BenchResult): Promise<JudgedBench>;
  emit: Emit;
}

/** What was measured and what it is taken for; nothing of a benchmark that measured nothing. */
async function judged(
  { bench, judge, emit }: Opened,
  metrics: string | undefined,
): Promise<Partial<JudgedBench>> {
  const result = await bench.finish();
  if (result.clusters.length === 0) return {};
  const found = await judge(result);
  if (metrics) writeBenchMetrics(metrics, result, found, emit);
  return found;
}

function writeBenchMetrics(path: string, result: BenchResult, { verdict }: JudgedBench, emit: Emit): void {
  try {
    writeMetrics(path, benchMetrics(result, verdict));
  } catch (error) {
    const message = `${path} could not be written: ${reasonOf(error)}.`;
    emit({ type: 'note', level: 'warning', message });
  }
}
