import { appendFileSync, statSync, writeFileSync } from 'node:fs';
import type { SwarmEvent } from '../events.ts';
import { createEventsFile } from './events-file.ts';
import { reportPage } from './html/page.ts';
import { jobSummary, maxSummaryBytes } from './job-summary.ts';
import { checkOutputFile, reasonOf } from './output-file.ts';
import type { Report } from './report.ts';

/** Where a run is told of beside the terminal, each absent unless it was asked for; absolute paths. */
export interface OutputFiles {
  /** `--html` */
  html?: string | undefined;
  /** `--events` */
  events?: string | undefined;
  /** `GITHUB_STEP_SUMMARY`, the file that GitHub shows as the summary of a job. */
  jobSummary?: string | undefined;
}

type Subscriber = (event: SwarmEvent) => void;

/**
 * The subscriber that writes the files of a run. One that fails later on gives a warning and is left alone from
 * then on: what happens to the clusters does not depend on it.
 * @param warn shows a warning.
 * @throws SwarmctlError `usage` when a file that a flag names cannot be written
 */
export function createOutputs(files: OutputFiles, warn: (message: string) => void): Subscriber {
  const { html, events, jobSummary: summary } = files;
  if (html !== undefined) checkOutputFile('--html', html);
  const subscribers = [
    events !== undefined && guarded(events, createEventsFile(events), warn),
    html !== undefined &&
      guarded(
        html,
        atTheEnd((report) => writeFileSync(html, reportPage(report, new Date()))),
        warn,
      ),
    summary &&
      guarded(
        summary,
        atTheEnd((report) => appendFileSync(summary, jobSummary(report, maxSummaryBytes - sizeOf(summary)))),
        warn,
      ),
  ].filter((subscriber) => typeof subscriber === 'function');
  return (event) => {
    for (const tell of subscribers) tell(event);
  };
}

/** What steps before have written counts too. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function atTheEnd(write: (report: Report) => void): Subscriber {
  return (event) => {
    if (event.type === 'run-finished') write(event.report);
  };
}

function guarded(path: string, tell: Subscriber, warn: (message: string) => void): Subscriber {
  let failed = false;
  return (event) => {
    if (failed) return;
    try {
      tell(event);
    } catch (error) {
      failed = true;
      warn(`${path} could not be written: ${reasonOf(error)}.`);
    }
  };
}
