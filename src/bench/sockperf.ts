/** What one run of the sockperf client gave. */
export type SockperfResult =
  | { kind: 'measured'; roundTripsMs: number[] }
  /** The server could not be reached; later it may. */
  | { kind: 'not-connected'; reason: string }
  /** What came back is no measurement. */
  | { kind: 'broken'; reason: string };

/** Where the log has the samples: sockperf's own heading, with the round trip and not half of it. */
const heading = 'packet, txTime(sec), rxTime(sec), rtt(usec)';
const rule = '------------------------------';

/**
 * Reads what `sockperf ping-pong --full-rtt --full-log` wrote. The samples are those after its warm-up of 400 ms.
 * @param told stdout: what sockperf tells of its progress.
 * @param log the full log, one line a message: number, sent, received (seconds), round trip (microseconds).
 */
export function readSockperf(told: string, log: string): SockperfResult {
  const complaint = /ERROR: (.*)/.exec(told)?.[1]?.trim();
  if (!told.includes('Starting test')) {
    // Who was still waiting for an answer when time was up complains of the signal.
    const wasWaiting = told.includes('Test end (interrupted');
    return { kind: 'not-connected', reason: wasWaiting || !complaint ? 'no answer' : complaint };
  }
  if (complaint) return { kind: 'broken', reason: complaint };
  if (told.includes('No messages were received')) return { kind: 'broken', reason: 'no message came back' };
  // All that came back belongs to the warm-up: the run was too short.
  if (told.includes('No valid observations')) return { kind: 'measured', roundTripsMs: [] };
  const received = /\[Valid Duration\].*ReceivedMessages=(\d+)/.exec(told)?.[1];
  if (received === undefined) return { kind: 'broken', reason: 'the summary of sockperf is missing' };
  return readLog(
    log.split('\n').map((line) => line.trim()),
    Number(received),
  );
}

function readLog(lines: readonly string[], expected: number): SockperfResult {
  const first = lines.indexOf(heading) + 1;
  const end = lines.indexOf(rule, first);
  if (first === 0 || end === -1) return { kind: 'broken', reason: 'the log of sockperf is cut off' };
  const roundTripsMs = lines.slice(first, end).map(roundTripMs);
  if (roundTripsMs.length !== expected) {
    return { kind: 'broken', reason: `the log has ${roundTripsMs.length} of ${expected} messages` };
  }
  const wrong = roundTripsMs.findIndex((value) => !(value > 0));
  if (wrong !== -1) return { kind: 'broken', reason: `the log makes no sense: ${lines[first + wrong]}` };
  return { kind: 'measured', roundTripsMs };
}

/** NaN for a line that is none of a message, or whose times do not go with its round trip. */
function roundTripMs(line: string): number {
  const [, sent, received, microseconds] = line.split(',').map(Number);
  if (sent === undefined || received === undefined || microseconds === undefined) return Number.NaN;
  const agrees = Math.abs((received - sent) * 1e6 - microseconds) < 1;
  // Over whole nanoseconds, which are what sockperf logs: 0.0142 and not 0.014200000000000001.
  return agrees ? Math.round(microseconds * 1000) / 1e6 : Number.NaN;
}
