import type { ExitCode } from '../errors.ts';
import { openRun } from '../pipeline/run.ts';
import { upCluster } from '../pipeline/up.ts';
import { type ApprovalOptions, createApproval, requireConsent } from './approval.ts';
import type { CommandContext, ReportOptions } from './context.ts';
import { runFleetCommand } from './fleet-command.ts';
import { nextCommand } from './next-command.ts';
import { prepareToolchain } from './toolchain.ts';

export interface UpCommandOptions extends ReportOptions, ApprovalOptions {
  parallel: number;
  skipBench?: boolean;
}

/** `swarmctl up`: brings the selected clusters to what the fleet file says. */
export function up(options: UpCommandOptions, context: CommandContext): Promise<ExitCode> {
  const { env, signal } = context;
  return runFleetCommand(
    {
      name: 'up',
      parallel: options.parallel,
      notifies: true,
      check: () => requireConsent(options, context.io),
      async prepare({ fleet, clusters, emit, reporter }) {
        const toolchain = await prepareToolchain(fleet, options, context, emit);
        const run = await openRun({ fleet, clusters, toolchain, writes: true, env, signal, emit });
        const approve = createApproval(options, context, reporter);
        const asks = !options.yes;
        return (cluster) => upCluster(run, cluster, { skipBench: options.skipBench ?? false, approve, asks });
      },
      advice: (fleet) => `Remove it all: ${nextCommand('destroy', fleet, options, context)}`,
    },
    options,
    context,
  );
}
