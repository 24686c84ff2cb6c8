import { combinedExitCode, type ExitCode, exitCodes } from '../errors.ts';
import { clusterSecrets, compareSecrets } from '../pipeline/secret-versions.ts';
import { printJson } from '../report/json.ts';
import { secretLines, secretWarnings } from '../report/secrets.ts';
import type { CommandContext } from './context.ts';
import { answersReport, type ReadOptions, readClusters } from './read-clusters.ts';

/** `swarmctl secrets status`: which version of each secret the clusters mount, and whether it is the same. */
export async function secretsStatus(options: ReadOptions, context: CommandContext): Promise<ExitCode> {
  const { io } = context;
  const answers = await readClusters(options, context, clusterSecrets);
  const secrets = compareSecrets(answers.fleet, answers.clusters, new Date());
  const differs = secrets.some(({ same }) => !same) ? [exitCodes.driftOrPending] : [];
  const exitCode = combinedExitCode([answers.exitCode, ...differs]);
  for (const warning of secretWarnings(secrets)) io.stderr.write(`warning: ${warning}\n`);
  const report = answersReport('secrets status', { ...answers, exitCode });
  if (options.json) printJson(io, { ...report, secrets });
  else io.stdout.write(`${secretLines(secrets, io.outStyle).join('\n')}\n`);
  return exitCode;
}
