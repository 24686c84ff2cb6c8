import type { ExitCode } from '../errors.ts';
import { destroyCluster } from '../pipeline/destroy.ts';
import { forgetFleet } from '../pipeline/forget.ts';
import { openRun, type Run } from '../pipeline/run.ts';
import { type ApprovalOptions, createApproval, requireConsent } from './approval.ts';
import type { CommandContext, ReportOptions } from './context.ts';
import { runFleetCommand } from './fleet-command.ts';
import { prepareToolchain } from './toolchain.ts';

export interface DestroyOptions extends ReportOptions, ApprovalOptions {
  parallel: number;
}

/** `swarmctl destroy`: removes the selected clusters with all that is in them, and the state with the last one. */
export function destroy(options: DestroyOptions, context: CommandContext): Promise<ExitCode> {
  const { env, signal } = context;
  let run: Run | undefined;
  return runFleetCommand(
    {
      name: 'destroy',
      parallel: options.parallel,
      notifies: true,
      check: () => requireConsent(options, context.io),
      async prepare({ fleet, clusters, emit, reporter }) {
        const toolchain = await prepareToolchain(fleet, options, context, emit);
        const opened = await openRun({ fleet, clusters, toolchain, writes: false, env, signal, emit });
        run = opened;
        // To destroy is to delete: whoever says yes to it has said so.
        const approve = createApproval({ ...options, allowDeletes: true }, context, reporter);
        return (cluster) => destroyCluster(opened, cluster, approve);
      },
      async finish() {
        if (run) await forgetFleet(run);
        return undefined;
      },
    },
    options,
    context,
  );
}
