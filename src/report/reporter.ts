import type { SwarmEvent } from '../events.ts';
import type { Report } from './report.ts';

/** Shows a run while it goes on, on stderr. */
export interface ProgressReporter {
  onEvent(event: SwarmEvent): void;
  /** Nothing is drawn while `talk` has the terminal, such as for a question. */
  pauseWhile<Result>(talk: () => Promise<Result>): Promise<Result>;
  /** Leaves the terminal as it was found; safe to call more than once. */
  stop(): void;
}

export interface Reporter extends ProgressReporter {
  /** Stops the progress and writes the result to stdout. */
  finish(report: Report): void;
}
