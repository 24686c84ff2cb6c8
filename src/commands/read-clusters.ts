import { combinedExitCode, type ExitCode, exitCodeOf, exitCodes, SwarmctlError } from '../errors.ts';
import type { Fleet } from '../fleet/model.ts';
import { type AskedCluster, askClusters } from '../pipeline/ask-clusters.ts';
import { errorLines } from '../report/error.ts';
import type { AnswersReport, ClusterAnswer } from '../report/report.ts';
import type { CommandContext, FleetOptions } from './context.ts';
import { loadSelection } from './fleet-command.ts';

export interface ReadOptions extends FleetOptions {
  parallel: number;
}

/** What the selected clusters answered. */
export interface Answers<Answer> {
  fleet: Fleet;
  clusters: ClusterAnswer<Answer>[];
  /** 1 when a cluster could not be asked. */
  exitCode: ExitCode;
}

/** Puts a question to the selected clusters; those that cannot be asked are told on stderr, the others count. */
export async function readClusters<Answer extends object>(
  options: ReadOptions,
  context: CommandContext,
  question: (asked: AskedCluster) => Promise<Answer>,
): Promise<Answers<Answer>> {
  const { fleet, clusters } = await loadSelection(options, context);
  const asking = { parallel: options.parallel, signal: context.signal };
  const answers = await askClusters(fleet, clusters, asking, question);
  context.signal.throwIfAborted();
  return { fleet, clusters: answers, exitCode: tellFailures(answers, context) };
}

function tellFailures(
  answers: readonly ClusterAnswer<object>[],
  { io }: Pick<CommandContext, 'io'>,
): ExitCode {
  const codes = answers.map((answer) => {
    if (!('error' in answer)) return exitCodes.done;
    const { error, name } = answer;
    io.stderr.write(`${errorLines(error, io.errStyle, name).join('\n')}\n`);
    return exitCodeOf(new SwarmctlError(error.code, error.message));
  });
  return combinedExitCode(codes);
}

/** The document of `--json`. */
export function answersReport<Answer>(
  command: string,
  { fleet, clusters, exitCode }: Answers<Answer>,
): AnswersReport<Answer> {
  return { version: 1, command, fleet: fleet.name, ok: exitCode === exitCodes.done, exitCode, clusters };
}
