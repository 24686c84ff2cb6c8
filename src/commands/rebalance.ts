import { type ExitCode, SwarmctlError } from '../errors.ts';
import { type ApproveMoves, rebalanceCluster } from '../pipeline/rebalance.ts';
import { confirm } from '../report/confirm.ts';
import { movesLines } from '../report/moves.ts';
import type { Reporter } from '../report/reporter.ts';
import { type ApprovalOptions, oneAtATime, requireConsent } from './approval.ts';
import type { CommandContext, ReportOptions } from './context.ts';
import { runFleetCommand } from './fleet-command.ts';

export interface RebalanceOptions extends ReportOptions, ApprovalOptions {
  parallel: number;
}

/** `swarmctl rebalance`: spreads the tasks of services evenly over the nodes again. */
export function rebalance(options: RebalanceOptions, context: CommandContext): Promise<ExitCode> {
  return runFleetCommand(
    {
      name: 'rebalance',
      parallel: options.parallel,
      check: () => requireConsent(options, context.io),
      prepare: async ({ fleet, emit, reporter }) => {
        const approve = createApproval(options, context, reporter);
        return (cluster) => rebalanceCluster({ fleet, emit, signal: context.signal }, cluster, approve);
      },
    },
    options,
    context,
  );
}

function createApproval(
  { yes }: ApprovalOptions,
  { io, signal }: CommandContext,
  reporter: Reporter,
): ApproveMoves {
  if (yes) return async () => {};
  return oneAtATime(reporter, async ({ name }, uneven) => {
    const lines = [io.errStyle.chalk.bold(name), ...movesLines(uneven, io.errStyle)];
    io.stderr.write(`\n${lines.join('\n')}\n`);
    if (await confirm(io, `Replace these tasks in ${name}?`, signal)) return;
    throw new SwarmctlError('confirmation-refused', `The moves in ${name} were not confirmed.`);
  });
}
