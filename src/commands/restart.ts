import type { ExitCode } from '../errors.ts';
import { restartServices } from '../pipeline/restart.ts';
import type { CommandContext, ReportOptions } from './context.ts';
import { runFleetCommand } from './fleet-command.ts';

export interface RestartOptions extends ReportOptions {
  parallel: number;
}

/** `swarmctl restart`: replaces the tasks of services by equal ones. */
export function restart(
  names: string[],
  options: RestartOptions,
  context: CommandContext,
): Promise<ExitCode> {
  return runFleetCommand(
    {
      name: 'restart',
      parallel: options.parallel,
      prepare: async ({ fleet, emit }) => {
        const work = { fleet, emit, signal: context.signal };
        return (cluster) => restartServices(work, cluster, names);
      },
    },
    options,
    context,
  );
}
