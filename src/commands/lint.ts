import { loadServices } from '../compose/load.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';
import { type ClusterCompose, lintCompose } from '../lint/lint.ts';
import { imagesOf, scanFindings } from '../lint/scan-findings.ts';
import { hasTrivy, scanImage } from '../lint/trivy.ts';
import { printJson } from '../report/json.ts';
import { printLint } from '../report/lint.ts';
import type { ImageScan, LintReport } from '../report/lint-report.ts';
import type { CommandContext, FleetOptions } from './context.ts';
import { loadSelection } from './fleet-command.ts';

export interface LintOptions extends FleetOptions {
  strict?: boolean;
}

/** `swarmctl lint`: what production practice asks of the services and they do not have. No engine is asked. */
export async function lint(options: LintOptions, context: CommandContext): Promise<ExitCode> {
  const { io, signal } = context;
  const { fleet, clusters } = await loadSelection(options, context);
  const files: ClusterCompose[] = [];
  for (const cluster of clusters) files.push(...(await composeOf(fleet, cluster, signal)));
  const scans = (await hasTrivy(signal)) ? await scanAll(imagesOf(files), context) : [];
  const findings = [...lintCompose(files), ...scanFindings(files, scans)];
  const fails = options.strict && findings.some(({ severity }) => severity !== 'note');
  const exitCode = fails ? exitCodes.failed : exitCodes.done;
  const head = { version: 1, command: 'lint', fleet: fleet.name } as const;
  const report: LintReport = { ...head, ok: !fails, exitCode, findings, scans };
  if (options.json) printJson(io, report);
  else printLint(io, report, clusters.length);
  return exitCode;
}

async function composeOf(fleet: Fleet, cluster: Cluster, signal: AbortSignal): Promise<ClusterCompose[]> {
  const { name, region, env, overrides } = cluster;
  const paths = [...fleet.apps, ...overrides];
  if (paths.length === 0) return [];
  return [{ cluster: name, ...(await loadServices(paths, { env, cluster: name, region, signal })) }];
}

/** One after the other: they share trivy's database, which allows no two at once. */
async function scanAll(images: readonly string[], { io, signal }: CommandContext): Promise<ImageScan[]> {
  const scans: ImageScan[] = [];
  for (const image of images) {
    io.stderr.write(io.errStyle.chalk.dim(`trivy: scanning ${image}\n`));
    scans.push(await scanImage(image, signal));
    signal.throwIfAborted();
  }
  return scans;
}
