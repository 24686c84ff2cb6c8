import { type ExitCode, SwarmctlError } from '../errors.ts';
import type { Cluster } from '../fleet/model.ts';
import { type CheckRun, openCheckRun } from '../pipeline/check-run.ts';
import { mapParallel } from '../pipeline/parallel.ts';
import { rotateKey } from '../pipeline/rotate.ts';
import { storedSwarm } from '../pipeline/unlock-keys.ts';
import type { ClusterAnswer, UnlockKeys } from '../report/answers.ts';
import { errorLines, errorReport } from '../report/error.ts';
import { printJson } from '../report/json.ts';
import type { CommandContext, ReportOptions } from './context.ts';
import { loadSelection, runFleetCommand } from './fleet-command.ts';
import { answersExitCode, answersReport } from './read-clusters.ts';
import { prepareStateTools } from './toolchain.ts';

export interface UnlockKeyOptions extends ReportOptions {
  parallel: number;
  rotate?: boolean;
}

/** `swarmctl unlock-key`: shows the unlock keys of the selected clusters, or changes them without showing any. */
export function unlockKey(options: UnlockKeyOptions, context: CommandContext): Promise<ExitCode> {
  return options.rotate ? rotate(options, context) : show(options, context);
}

async function rotate(options: UnlockKeyOptions, context: CommandContext): Promise<ExitCode> {
  const { env, signal } = context;
  let close = async () => {};
  try {
    return await runFleetCommand(
      {
        name: 'unlock-key',
        parallel: options.parallel,
        async prepare({ fleet, emit }) {
          const tools = await prepareStateTools(fleet, {}, context, emit);
          const opened = await openCheckRun({ fleet, tools, env, signal, emit });
          close = opened.close;
          return (cluster) => rotateKey(opened.run, cluster);
        },
      },
      options,
      context,
    );
  } finally {
    await close();
  }
}

/** From the state, since it is asked for where no manager may be left that is not locked. */
async function show(options: UnlockKeyOptions, context: CommandContext): Promise<ExitCode> {
  const { env, signal, io } = context;
  const { fleet, clusters } = await loadSelection(options, context);
  const emit = () => {};
  const tools = await prepareStateTools(fleet, {}, context, emit);
  const { run, close } = await openCheckRun({ fleet, tools, env, signal, emit });
  try {
    const answers = await mapParallel(clusters, options.parallel, (cluster) => keysOf(run, cluster));
    const exitCode = answersExitCode(answers);
    if (options.json) printJson(io, answersReport('unlock-key', { fleet, clusters: answers, exitCode }));
    else printKeys(answers, context);
    return exitCode;
  } finally {
    await close();
  }
}

async function keysOf(run: CheckRun, cluster: Cluster): Promise<ClusterAnswer<UnlockKeys>> {
  const { name, region } = cluster;
  try {
    const { unlockKeys } = await storedSwarm(run, cluster);
    if (unlockKeys.length === 0) throw noKey(cluster);
    return { name, region, unlockKeys };
  } catch (error) {
    return { name, region, error: errorReport(error) };
  }
}

function noKey({ name }: Cluster): SwarmctlError {
  return new SwarmctlError('not-found', `The state holds no unlock key of cluster ${name}.`, {
    hint: 'It has one after `swarmctl up` with `autolock: true`, or after `swarmctl refresh` where it was switched on by hand.',
  });
}

/** The key alone where there is one cluster, for a script or for `docker swarm unlock`. */
function printKeys(answers: readonly ClusterAnswer<UnlockKeys>[], { io }: CommandContext): void {
  for (const answer of answers) {
    if ('error' in answer)
      io.stderr.write(`${errorLines(answer.error, io.errStyle, answer.name).join('\n')}\n`);
    else io.stdout.write(`${answers.length > 1 ? `${answer.name}\t` : ''}${answer.unlockKeys[0]}\n`);
  }
}
