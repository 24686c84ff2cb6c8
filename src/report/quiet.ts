import type { Io } from './io.ts';
import { noteLine } from './note.ts';
import type { ProgressReporter } from './reporter.ts';

/** Notes and warnings alone: what a script that reads the JSON should still leave in its log. */
export function createQuietReporter(io: Io): ProgressReporter {
  return {
    onEvent(event) {
      if (event.type === 'note') io.stderr.write(`${noteLine(event, io.errStyle)}\n`);
    },
    pauseWhile: (talk) => talk(),
    stop() {},
  };
}
