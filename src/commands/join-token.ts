import type { ExitCode } from '../errors.ts';
import { rotateToken } from '../pipeline/rotate.ts';
import type { CommandContext, ReportOptions } from './context.ts';
import { runFleetCommand } from './fleet-command.ts';

export interface JoinTokenOptions extends ReportOptions {
  parallel: number;
}

/** `swarmctl join-token --rotate`: gives the selected clusters another token for nodes that join. */
export function joinToken(
  role: 'manager' | 'worker',
  options: JoinTokenOptions,
  context: CommandContext,
): Promise<ExitCode> {
  return runFleetCommand(
    {
      name: 'join-token',
      parallel: options.parallel,
      prepare: async ({ fleet, emit }) => {
        const work = { fleet, emit, signal: context.signal };
        return (cluster) => rotateToken(work, cluster, role);
      },
    },
    options,
    context,
  );
}
