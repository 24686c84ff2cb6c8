import { setTimeout as sleep } from 'node:timers/promises';
import type { LogLine, LogQuery } from '../docker/service-logs.ts';
import { SwarmctlError } from '../errors.ts';

export interface UnbrokenOptions {
  query: LogQuery;
  signal: AbortSignal;
  /** Told once per interruption why a log that is followed broke off. */
  onBroken(error: SwarmctlError): void;
  /** Milliseconds until a log that broke off is opened anew. */
  retryMs?: number;
}

/** Lines of different tasks come mixed: one of another task may be this much older than the last one, in milliseconds. */
const overlapMs = 10_000;
const defaultRetryMs = 1_000;

/**
 * A log that goes on where it broke off, as long as it is followed: when its manager or a node is lost, it is opened
 * anew, and what was told already is left out.
 * @param open the log from one manager, whichever has a quorum.
 * @throws SwarmctlError what ended a log that is not followed; `not-found` when the service is gone.
 */
export async function* unbrokenLog(
  open: (query: LogQuery) => AsyncIterable<LogLine>,
  { query, signal, onBroken, retryMs = defaultRetryMs }: UnbrokenOptions,
): AsyncGenerator<LogLine> {
  const last = createLastLines();
  let current = query;
  let isTold = false;
  for (let isFirst = true; ; isFirst = false) {
    try {
      for await (const line of open(current)) {
        isTold = false;
        if (!isFirst && last.has(line)) continue;
        last.note(line);
        yield line;
      }
      if (!query.follow || signal.aborted) return;
    } catch (error) {
      if (signal.aborted) return;
      if (!query.follow || !(error instanceof SwarmctlError) || error.code === 'not-found') throw error;
      if (!isTold) onBroken(error);
      isTold = true;
    }
    await sleep(retryMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    current = last.latest() === undefined ? query : { follow: true, since: sinceOf(last.latest()) };
  }
}

/** Each stream of a task is in its own order, so its last line tells which were seen. */
function createLastLines() {
  const times = new Map<string, string>();
  let latest: string | undefined;
  const keyOf = ({ taskId, stream }: LogLine) => `${taskId} ${stream}`;
  return {
    latest: () => latest,
    has: (line: LogLine) => line.time <= (times.get(keyOf(line)) ?? ''),
    note(line: LogLine) {
      if (!times.has(keyOf(line))) forgetEnded(times, line.time);
      times.set(keyOf(line), line.time);
      if (latest === undefined || line.time > latest) latest = line.time;
    },
  };
}

/** Tasks that have said nothing for as long as the overlap: none of their lines would come again. */
function forgetEnded(times: Map<string, string>, now: string): void {
  const limit = Date.parse(now) - 2 * overlapMs;
  for (const [key, time] of times) if (Date.parse(time) < limit) times.delete(key);
}

function sinceOf(time = ''): string {
  return ((Date.parse(time) - overlapMs) / 1000).toFixed(3);
}
