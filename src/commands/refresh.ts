import { type ExitCode, SwarmctlError } from '../errors.ts';
import type { Cluster } from '../fleet/model.ts';
import { acceptDrift } from '../pipeline/accept-drift.ts';
import { openCheckRun } from '../pipeline/check-run.ts';
import { confirm } from '../report/confirm.ts';
import { findingsLines } from '../report/drift.ts';
import type { DriftFinding } from '../report/report.ts';
import { type ApprovalOptions, oneAtATime, requireConsent } from './approval.ts';
import type { CommandContext, ReportOptions } from './context.ts';
import { runFleetCommand } from './fleet-command.ts';
import { prepareStateTools } from './toolchain.ts';

export interface RefreshOptions extends ReportOptions, ApprovalOptions {
  parallel: number;
}

/** `swarmctl refresh`: takes over into the state what the selected clusters are like now. */
export async function refresh(options: RefreshOptions, context: CommandContext): Promise<ExitCode> {
  const { env, signal } = context;
  let close = async () => {};
  let accepted = false;
  try {
    return await runFleetCommand(
      {
        name: 'refresh',
        parallel: options.parallel,
        check: () => requireConsent(options, context.io),
        async prepare({ fleet, emit, reporter }) {
          const tools = await prepareStateTools(fleet, options, context, emit);
          const opened = await openCheckRun({ fleet, tools, env, signal, emit });
          close = opened.close;
          const accept = options.yes
            ? async () => {}
            : oneAtATime<readonly DriftFinding[]>(reporter, (cluster, findings) =>
                ask(cluster, findings, context),
              );
          return (cluster) => acceptDrift(opened.run, cluster, accept);
        },
        async finish(reports) {
          accepted = reports.some(({ outcome }) => outcome === 'updated');
        },
        advice: () =>
          accepted
            ? 'The next `up` brings back what the files say: change them too where this is to stay.'
            : undefined,
      },
      options,
      context,
    );
  } finally {
    await close();
  }
}

async function ask(
  { name }: Pick<Cluster, 'name'>,
  findings: readonly DriftFinding[],
  { io, signal }: CommandContext,
): Promise<void> {
  const lines = [io.errStyle.chalk.bold(name), ...findingsLines(findings, io.errStyle)];
  io.stderr.write(`\n${lines.join('\n')}\n`);
  if (await confirm(io, `Take this over into the state of ${name}?`, signal)) return;
  throw new SwarmctlError('confirmation-refused', `What was found in ${name} was not accepted.`);
}
