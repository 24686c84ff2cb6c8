import type { SwarmEvent } from '../events.ts';
import type { Io } from './io.ts';
import { cleanLine } from './line.ts';
import { noteLine } from './note.ts';
import { createPace } from './pace.ts';
import type { ResourceStep } from './report.ts';
import type { ProgressReporter } from './reporter.ts';
import { clusterDuration, describeDone, formatDuration, outcomeWord, stageWords } from './wording.ts';

const progressIntervalMs = 1000;

/** One line for each thing that happens, for logs: `[us-east-1] preview done in 1.2s, 3 to create`. */
export function createPlainReporter(io: Io): ProgressReporter {
  let command = '';
  const print = (line: string) => io.stderr.write(`${line}\n`);
  const pace = createPace(progressIntervalMs, print);
  return {
    onEvent(event) {
      if (event.type === 'run-started') command = event.command;
      else if (event.type === 'stage-progress') pace.offer(event.cluster, progressLine(event));
      else if (event.type !== 'run-finished' && !isSaidByResult(event)) {
        // A message that is still held back is out of date once something else has happened.
        if (event.cluster !== undefined) pace.forget(event.cluster);
        print(eventLine(event, command, io));
      }
    },
    pauseWhile: (talk) => talk(),
    stop: () => pace.stop(),
  };
}

/** A command of one stage has one line per cluster: its result. */
function isSaidByResult(event: SwarmEvent): boolean {
  return 'stage' in event && event.stage === 'status';
}

type ProgressEvent = Extract<SwarmEvent, { type: 'stage-progress' }>;
type LineEvent = Exclude<SwarmEvent, { type: 'run-started' | 'run-finished' } | ProgressEvent>;

function progressLine(event: ProgressEvent): string {
  return `[${event.cluster}] ${stageWords[event.stage]}: ${cleanLine(event.message)}`;
}

function eventLine(event: LineEvent, command: string, io: Io): string {
  switch (event.type) {
    case 'stage-started':
      return `[${event.cluster}] ${stageWords[event.stage]} started`;
    case 'stage-finished':
      return `[${event.cluster}] ${stageWords[event.stage]} ${stageEnd(event)}`;
    case 'resource-changed':
      return `[${event.cluster}] ${describeDone(event.step, io.errStyle.symbols)}${fieldsOf(event.step)}`;
    case 'cluster-finished':
      return `[${event.cluster}] ${clusterEnd(event.result, command)}`;
    case 'note':
      return noteLine(event, io.errStyle);
  }
}

function fieldsOf({ fields }: ResourceStep): string {
  return fields.length > 0 ? ` (${fields.join(', ')})` : '';
}

function stageEnd(event: Extract<SwarmEvent, { type: 'stage-finished' }>): string {
  const summary = event.summary === undefined ? '' : `, ${cleanLine(event.summary)}`;
  if (event.outcome === 'skipped') return `skipped${summary}`;
  const word = event.outcome === 'done' ? 'done in' : 'failed after';
  return `${word} ${formatDuration(event.durationMs)}${summary}`;
}

function clusterEnd(
  result: Extract<SwarmEvent, { type: 'cluster-finished' }>['result'],
  command: string,
): string {
  const why = result.error?.message ?? result.reason;
  const reason = why === undefined ? '' : `: ${cleanLine(why)}`;
  return `${outcomeWord(result.outcome, command)} in ${formatDuration(clusterDuration(result))}${reason}`;
}
