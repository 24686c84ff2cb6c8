import type { ExitCode } from '../errors.ts';
import { clusterStatus } from '../pipeline/status.ts';
import type { CommandContext, ReportOptions } from './context.ts';
import { runFleetCommand } from './fleet-command.ts';

export interface StatusOptions extends ReportOptions {
  parallel: number;
}

/** `swarmctl status`: nodes and services of the selected clusters as they are now. */
export function status(options: StatusOptions, context: CommandContext): Promise<ExitCode> {
  const { signal } = context;
  return runFleetCommand(
    {
      name: 'status',
      parallel: options.parallel,
      prepare:
        async ({ fleet, emit }) =>
        (cluster) =>
          clusterStatus(fleet, cluster, { emit, signal }),
    },
    options,
    context,
  );
}
