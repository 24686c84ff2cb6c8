import { join } from 'node:path';
import { judgeBench } from '../bench/judge.ts';
import { checkBaselineName, readBaseline, readHistory, saveBaseline, saveResult } from '../bench/store.ts';
import { pointOf } from '../bench/trend.ts';
import { type ExitCode, exitCodeOf, exitCodes, SwarmctlError } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { Fleet } from '../fleet/model.ts';
import type { BenchResult } from '../report/bench-result.ts';
import type { BenchVerdict } from '../report/bench-verdict.ts';
import { errorReport } from '../report/error.ts';
import type { Report } from '../report/report.ts';
import { stateFolder } from './fleet-state.ts';

export interface JudgeOptions {
  fleet: Fleet;
  /** Absolute folder that the path of a baseline is relative to. */
  directory: string;
  /** A name or a file; `true` is the one without a name. */
  baseline?: string | true | undefined;
  saveBaseline?: string | true | undefined;
  /** What becomes of a verdict that says nothing. */
  inconclusive: 'fail' | 'warn';
  emit: Emit;
}

/** What a benchmark adds to its report. */
export interface JudgedBench extends Pick<Report, 'benchmark' | 'verdict' | 'trend' | 'error'> {
  exitCode: ExitCode;
}

/**
 * Reads what a benchmark is to be held against, before anything is measured.
 * @returns judges the result, adds it to the history and keeps it as a baseline where that is asked for.
 * @throws SwarmctlError `usage` or `baseline` for a baseline that is not there or cannot be read.
 */
export async function openJudge(
  options: JudgeOptions,
): Promise<(result: BenchResult) => Promise<JudgedBench>> {
  const { fleet, directory, baseline: given, saveBaseline: name } = options;
  const folder = join(stateFolder(fleet), 'bench');
  if (name !== undefined) checkBaselineName(name);
  const baseline = given === undefined ? undefined : await readBaseline(folder, given, directory);
  return async (result) => {
    const trend = [...(await readHistory(folder)), result].map(pointOf);
    await keep(folder, result, options);
    try {
      const verdict = judgeBench(result, { budget: fleet.bench.budget, baseline });
      return { benchmark: result, verdict, trend, exitCode: exitCodeFor(verdict, options) };
    } catch (error) {
      if (!(error instanceof SwarmctlError)) throw error;
      return { benchmark: result, trend, error: errorReport(error), exitCode: exitCodeOf(error) };
    }
  };
}

/** The result is told, whether it can be kept or not; that it cannot is told too. */
async function keep(
  folder: string,
  result: BenchResult,
  { saveBaseline: name, emit }: JudgeOptions,
): Promise<void> {
  try {
    await saveResult(folder, result);
    if (name === undefined) return;
    const saved = await saveBaseline(folder, name, result);
    emit({ type: 'note', level: 'info', message: `Saved as baseline "${saved}"` });
  } catch (error) {
    const message = `The benchmark could not be kept in ${folder}: ${(error as Error).message}`;
    emit({ type: 'note', level: 'warning', message });
  }
}

function exitCodeFor({ outcome }: BenchVerdict, { inconclusive }: JudgeOptions): ExitCode {
  const fails = outcome === 'fail' || (outcome === 'inconclusive' && inconclusive === 'fail');
  return fails ? exitCodes.budgetMissed : exitCodes.done;
}
