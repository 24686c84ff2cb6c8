import type { ExitCode } from '../errors.ts';
import { clusterTasks, onlyServices } from '../pipeline/tasks.ts';
import { printJson } from '../report/json.ts';
import { printTasks } from '../report/tasks.ts';
import type { CommandContext } from './context.ts';
import { answersReport, type ReadOptions, readClusters } from './read-clusters.ts';

export interface PsOptions extends ReadOptions {
  all?: boolean;
}

/** `swarmctl ps`: the tasks of services in all selected clusters. */
export async function ps(names: string[], options: PsOptions, context: CommandContext): Promise<ExitCode> {
  const all = options.all ?? false;
  const read = await readClusters(options, context, (asked) => clusterTasks(asked, { all }));
  const answers = { ...read, clusters: onlyServices(read.clusters, read.fleet.name, names) };
  if (options.json) printJson(context.io, answersReport('ps', answers));
  else printTasks(context.io, answers.clusters);
  return answers.exitCode;
}
