import type { Emit } from '../events.ts';
import type { Rollout } from '../fleet/model.ts';
import type { Approve } from '../pipeline/guard.ts';
import { upLinks } from '../pipeline/links.ts';
import { rollOut } from '../pipeline/roll-out.ts';
import { returnCluster } from '../pipeline/rollback.ts';
import { openRun, type Run } from '../pipeline/run.ts';
import { tellCosts } from '../pipeline/tell-costs.ts';
import { type UpOptions, upCluster } from '../pipeline/up.ts';
import { type ApprovalOptions, createApproval, requireConsent } from './approval.ts';
import type { CommandContext, ReportOptions } from './context.ts';
import type { FleetCommand } from './fleet-command.ts';
import { prepareToolchain } from './toolchain.ts';

export interface RollOutOptions extends ReportOptions, ApprovalOptions {
  parallel: number;
}

/** A command that changes the clusters in the order of the fleet's rollout. */
export function rollOutCommand(
  name: string,
  options: RollOutOptions,
  context: CommandContext,
  up: Pick<UpOptions, 'skipBench' | 'check'>,
): FleetCommand {
  const { env, signal } = context;
  let opened: { run: Run; rollout: Rollout | undefined; emit: Emit; approve: Approve } | undefined;
  const started = () => {
    if (!opened) throw new Error('The run was not opened.');
    return opened;
  };
  return {
    name,
    notifies: true,
    parallel: options.parallel,
    check: () => requireConsent(options, context.io),
    async prepare({ fleet, clusters, emit, reporter }) {
      const toolchain = await prepareToolchain(fleet, options, context, emit);
      const run = await openRun({ fleet, clusters, toolchain, writes: true, env, signal, emit });
      await tellCosts(run, clusters);
      const approve = createApproval(options, context, reporter);
      opened = { run, rollout: fleet.rollout, emit, approve };
      const common = { ...up, command: name, approve, asks: !options.yes };
      return (cluster, soakMs) => upCluster(run, cluster, { ...common, soakMs });
    },
    takeTurns(clusters, work) {
      const { run, rollout, emit } = started();
      const rollBack = returnCluster.bind(undefined, run);
      return rollOut(clusters, { rollout, parallel: options.parallel, emit, work, rollBack });
    },
    // A command that is for one kind of change is for none of what lies between the clusters.
    links: async (reports) => (up.check ? undefined : upLinks(started().run, reports, started().approve)),
  };
}
