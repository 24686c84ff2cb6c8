import { type ExitCode, SwarmctlError } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { Rollout } from '../fleet/model.ts';
import { stateFolder } from '../pipeline/fleet-state.ts';
import { type HistoryRecord, readHistory } from '../pipeline/history.ts';
import { rollOut } from '../pipeline/roll-out.ts';
import { rollBackCluster } from '../pipeline/rollback.ts';
import { openRun } from '../pipeline/run.ts';
import { createApproval, requireConsent } from './approval.ts';
import type { CommandContext } from './context.ts';
import { runFleetCommand } from './fleet-command.ts';
import type { RollOutOptions } from './roll-out-command.ts';
import { prepareToolchain } from './toolchain.ts';

export interface RollbackCommandOptions extends RollOutOptions {
  to?: number;
}

/** `swarmctl rollback`: brings the apps of the selected clusters back to what ran after an earlier version. */
export function rollback(options: RollbackCommandOptions, context: CommandContext): Promise<ExitCode> {
  const { env, signal } = context;
  let turns: { rollout: Rollout | undefined; emit: Emit } | undefined;
  return runFleetCommand(
    {
      name: 'rollback',
      notifies: true,
      parallel: options.parallel,
      check: () => requireConsent(options, context.io),
      async prepare({ fleet, clusters, emit, reporter }) {
        const records = await readHistory(stateFolder(fleet));
        const to = targetOf(options.to, records);
        const toolchain = await prepareToolchain(fleet, options, context, emit);
        const run = await openRun({ fleet, clusters, toolchain, writes: false, env, signal, emit });
        turns = { rollout: inOrder(fleet.rollout), emit };
        const approve = createApproval(options, context, reporter);
        return (cluster) => rollBackCluster(run, cluster, { to, records, approve });
      },
      takeTurns(clusters, work) {
        if (!turns) throw new Error('The run was not opened.');
        const rollBack = async (_: unknown, report: Awaited<ReturnType<typeof work>>) => report;
        return rollOut(clusters, { ...turns, parallel: options.parallel, work, rollBack });
      },
    },
    options,
    context,
  );
}

/** What ran before needs no canary, and a rollback that fails is not rolled back. */
function inOrder(rollout: Rollout | undefined): Rollout | undefined {
  if (!rollout) return undefined;
  const { canary: _, ...rest } = rollout;
  return { ...rest, onFailure: rollout.onFailure === 'continue' ? 'continue' : 'stop' };
}

/** The version to go back to: the one that is asked for, else the one before the last that left a change. */
function targetOf(to: number | undefined, records: readonly HistoryRecord[]): number {
  const last = records.findLast(({ clusters }) =>
    Object.values(clusters).some(({ outcome }) => outcome !== 'rolled-back'),
  );
  const first = records[0];
  if (!first || !last) throw noHistory('Nothing is recorded that could be gone back to.');
  if (to === undefined) {
    if (last.version === first.version)
      throw noHistory(`Nothing is recorded before version ${last.version}.`);
    return last.version - 1;
  }
  if (records.some(({ version }) => version === to)) return to;
  throw new SwarmctlError('usage', `--to: there is no version ${to}`, {
    hint: `Versions ${first.version} to ${last.version} are recorded: see \`swarmctl history\`.`,
  });
}

function noHistory(message: string): SwarmctlError {
  return new SwarmctlError('not-found', message, {
    hint: 'Restore the files as they were, and run `swarmctl up`.',
  });
}
