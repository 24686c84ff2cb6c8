import { combinedExitCode, type ExitCode, exitCodeOf, exitCodes, SwarmctlError } from '../errors.ts';
import type { Fleet } from '../fleet/model.ts';
import { type AskedCluster, askClusters } from '../pipeline/ask-clusters.ts';
import type { AnswersReport, ClusterAnswer } from '../report/answers.ts';
import { errorLines } from '../report/error.ts';
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
  const { fleet, clusters } = await askSelection(options, context, question);
  const { io } = context;
  for (const answer of clusters) {
    if (!('error' in answer)) continue;
    io.stderr.write(`${errorLines(answer.error, io.errStyle, answer.name).join('\n')}\n`);
  }
  return { fleet, clusters, exitCode: answersExitCode(clusters) };
}

/** Puts a question to the selected clusters. */
export async function askSelection<Answer extends object>(
  options: ReadOptions,
  context: CommandContext,
  question: (asked: AskedCluster) => Promise<Answer>,
): Promise<Omit<Answers<Answer>, 'exitCode'>> {
  const { fleet, clusters } = await loadSelection(options, context);
  const asking = { parallel: options.parallel, signal: context.signal };
  const answers = await askClusters(fleet, clusters, asking, question);
  context.signal.throwIfAborted();
  return { fleet, clusters: answers };
}

/** Of clusters that answered or did not. */
export function answersExitCode(answers: readonly ClusterAnswer<object>[]): ExitCode {
  const codes = answers.map((answer) =>
    'error' in answer
      ? exitCodeOf(new SwarmctlError(answer.error.code, answer.error.message))
      : exitCodes.done,
  );
  return combinedExitCode(codes);
}

/** The document of `--json`. */
export function answersReport<Answer>(
  command: string,
  { fleet, clusters, exitCode }: Answers<Answer>,
): AnswersReport<Answer> {
  return { version: 1, command, fleet: fleet.name, ok: exitCode === exitCodes.done, exitCode, clusters };
}
