import type { ExitCode } from '../errors.ts';
import { destroyCluster } from '../pipeline/destroy.ts';
import { forgetFleet } from '../pipeline/forget.ts';
import type { Approve } from '../pipeline/guard.ts';
import { unlinkClusters } from '../pipeline/links.ts';
import { mapParallel } from '../pipeline/parallel.ts';
import { skipped } from '../pipeline/roll-out.ts';
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
  let opened: { run: Run; approve: Approve } | undefined;
  return runFleetCommand(
    {
      name: 'destroy',
      parallel: options.parallel,
      notifies: true,
      check: () => requireConsent(options, context.io),
      async prepare({ fleet, clusters, emit, reporter }) {
        const toolchain = await prepareToolchain(fleet, options, context, emit);
        const run = await openRun({ fleet, clusters, toolchain, writes: false, env, signal, emit });
        // To destroy is to delete: whoever says yes to it has said so.
        const approve = createApproval({ ...options, allowDeletes: true }, context, reporter);
        opened = { run, approve };
        return (cluster) => destroyCluster(run, cluster, approve);
      },
      async takeTurns(clusters, work) {
        if (!opened) throw new Error('The run was not opened.');
        const links = await unlinkClusters(opened.run, clusters, opened.approve);
        const { emit } = opened.run;
        const reports = links?.error
          ? clusters.map((cluster) => skipped(cluster, 'What leads to it could not be removed.', emit))
          : await mapParallel(clusters, options.parallel, (cluster) => work(cluster));
        return links ? [...reports, links] : reports;
      },
      async finish() {
        if (opened) await forgetFleet(opened.run);
        return undefined;
      },
    },
    options,
    context,
  );
}
