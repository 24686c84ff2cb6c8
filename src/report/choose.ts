import { adoptedLines } from './adoption.ts';
import { benchReportLines } from './bench.ts';
import { changesLines } from './changes.ts';
import { driftLines } from './drift.ts';
import type { Io } from './io.ts';
import { printJson } from './json.ts';
import { createLiveReporter } from './live.ts';
import { createPlainReporter } from './plain.ts';
import { createQuietReporter } from './quiet.ts';
import type { Report } from './report.ts';
import type { ProgressReporter, Reporter } from './reporter.ts';
import { statusLines } from './status.ts';
import type { Style } from './style.ts';
import { summaryLines } from './summary.ts';

/** The reporter that suits the terminal, or for `json` the one document with notes alone beside it. */
export function createReporter(io: Io, options: { json: boolean }): Reporter {
  const progress = chooseProgress(io, options.json);
  return {
    ...progress,
    finish(report) {
      progress.stop();
      if (options.json) printJson(io, report);
      else printResult(io, report);
    },
  };
}

function chooseProgress(io: Io, json: boolean): ProgressReporter {
  if (json) return createQuietReporter(io);
  return io.isTerminal ? createLiveReporter(io) : createPlainReporter(io);
}

function printResult(io: Io, report: Report): void {
  const lines = resultLines(report, io.outStyle);
  if (lines.length === 0) return;
  // Keeps the result apart from the progress where both meet on one screen.
  if (io.stdout.isTTY && io.stderr.isTTY) io.stderr.write('\n');
  io.stdout.write(`${lines.join('\n')}\n`);
}

function resultLines(report: Report, style: Style): string[] {
  if (report.command === 'preview') return changesLines(report, style);
  if (report.command.startsWith('adopt')) return adoptedLines(report, style);
  if (report.command.startsWith('drift-check') || report.command === 'refresh')
    return driftLines(report, style);
  if (report.command === 'status') return statusLines(report, style);
  if (report.benchmark) return benchReportLines(report, report.benchmark, style);
  return summaryLines(report, style);
}
