import { type ExitCode, exitCodes } from '../errors.ts';
import type { Fleet } from '../fleet/model.ts';
import { previewLinks } from '../pipeline/links.ts';
import { previewOnly } from '../pipeline/preview-run.ts';
import { openRun, type Run } from '../pipeline/run.ts';
import { tellCosts } from '../pipeline/tell-costs.ts';
import type { ClusterReport } from '../report/report.ts';
import type { CommandContext, ReportOptions } from './context.ts';
import { runFleetCommand } from './fleet-command.ts';
import { nextCommand } from './next-command.ts';
import { prepareToolchain } from './toolchain.ts';

export interface PreviewOptions extends ReportOptions {
  parallel: number;
  detailedExitcode?: boolean;
}

/** `swarmctl preview`: shows what `up` would do and changes nothing. */
export async function preview(options: PreviewOptions, context: CommandContext): Promise<ExitCode> {
  const { env, signal } = context;
  let pending = false;
  let run: Run | undefined;
  const exitCode = await runFleetCommand(
    {
      name: 'preview',
      parallel: options.parallel,
      async prepare({ fleet, clusters, emit }) {
        const toolchain = await prepareToolchain(fleet, {}, context, emit);
        const opened = await openRun({ fleet, clusters, toolchain, writes: false, env, signal, emit });
        run = opened;
        await tellCosts(opened, clusters);
        return (cluster) => previewOnly(opened, cluster);
      },
      links: async () => (run ? previewLinks(run) : undefined),
      async finish(reports: ClusterReport[]) {
        pending = reports.some(({ steps }) => steps.length > 0);
        return undefined;
      },
      advice: (fleet) =>
        pending
          ? `Make these changes: ${nextCommand('up', fleet, options, context)}${selection(fleet, options)}`
          : undefined,
    },
    options,
    context,
  );
  const tells = options.detailedExitcode && pending && exitCode === exitCodes.done;
  return tells ? exitCodes.driftOrPending : exitCode;
}

/** What was previewed of a fleet is what is brought up. */
function selection({ file }: Fleet, { clusters, regions }: PreviewOptions): string {
  if (clusters) return ` --clusters ${clusters.join(',')}`;
  return file && regions ? ` --regions ${regions.join(',')}` : '';
}
