import { type ExitCode, SwarmctlError } from '../errors.ts';
import { type ApproveAdoption, adoptCluster } from '../pipeline/adopt.ts';
import { openRun } from '../pipeline/run.ts';
import { adoptionLines } from '../report/adoption.ts';
import { confirm } from '../report/confirm.ts';
import type { Reporter } from '../report/reporter.ts';
import { oneAtATime, requireConsent } from './approval.ts';
import type { CommandContext, ReportOptions } from './context.ts';
import { runFleetCommand } from './fleet-command.ts';
import { prepareToolchain } from './toolchain.ts';

export interface AdoptCommandOptions extends ReportOptions {
  parallel: number;
  dryRun?: boolean;
  yes?: boolean;
}

/** `swarmctl adopt`: takes what runs in the selected clusters into the state, as it is. */
export function adopt(options: AdoptCommandOptions, context: CommandContext): Promise<ExitCode> {
  const { env, signal } = context;
  const dryRun = options.dryRun ?? false;
  return runFleetCommand(
    {
      name: dryRun ? 'adopt --dry-run' : 'adopt',
      parallel: options.parallel,
      check: () => {
        if (!dryRun) requireConsent(options, context.io);
      },
      async prepare({ fleet, clusters, emit, reporter }) {
        const toolchain = await prepareToolchain(fleet, options, context, emit);
        const run = await openRun({ fleet, clusters, toolchain, writes: !dryRun, env, signal, emit });
        const approve = createAdoptionApproval(options, context, reporter);
        return (cluster) => adoptCluster(run, cluster, { dryRun, approve });
      },
    },
    options,
    context,
  );
}

/** To adopt changes nothing that runs: `--yes` is enough, without it a person is asked. */
function createAdoptionApproval(
  { yes }: AdoptCommandOptions,
  { io, signal }: CommandContext,
  reporter: Reporter,
): ApproveAdoption {
  if (yes) return async () => {};
  return oneAtATime(reporter, async ({ name }, adoption) => {
    io.stderr.write(`${adoptionLines(adoption, io.errStyle).join('\n')}\n`);
    if (await confirm(io, `Adopt these in ${name}?`, signal)) return;
    throw new SwarmctlError('confirmation-refused', `The adoption in ${name} was not confirmed.`);
  });
}
