import { expect, test } from 'vitest';
import { latencySeries } from './latency-series.ts';
import { readLatency, readMtu, readTimes } from './probe-output.ts';

const noise = { lag: 60, steal: 0, load: 0.2 };
const of = (...latencies: unknown[]) =>
  JSON.stringify({ rounds: [{ bytes: 64, round: 0, latencies }], noise });

test.each([
  ['', 'the probe said nothing'],
  [of(1, 2, 3).slice(0, -10), "the probe's answer is cut off or no JSON"],
  ['{"error":"no connection to 10.0.0.1:24789: no answer"}', 'no connection to 10.0.0.1:24789: no answer'],
  ['[]', "the probe's answer makes no sense"],
  ['{}', 'the probe tells of no rounds'],
  [of(1, 2), 'a round has not the 3 messages that were sent'],
  [of(1, 0, 3), 'a latency of 0 µs makes no sense'],
  [of(1, -65.2, 3), 'a latency of -65.2 µs makes no sense'],
  [of(1, '2', 3), 'a latency of 2 µs makes no sense'],
  // A clock that was set forward by a day.
  [of(1, 86_400e6, 3), 'a latency of 86400000000 µs makes no sense'],
  [JSON.stringify({ rounds: [], noise: {} }), "the probe's answer has no lag"],
])('%j is no measurement of 3 messages: %s', (output, reason) => {
  expect(() => readLatency(output, { messages: 3, seconds: 1 })).toThrow(reason);
});

test('neither are times and sizes that are missing', () => {
  expect(() => readTimes('{"times":[]}')).toThrow('the probe tells of no times');
  expect(() => readTimes('{"times":[5,-1]}')).toThrow('the probe tells of no times');
  expect(() => readMtu('{"interface":1500}')).toThrow("the probe's answer has no path");
});

test('a series counts what was lost, and takes its rounds in their order', () => {
  const rounds = [
    { bytes: 64, round: 1, latencies: [30, null, 50] },
    { bytes: 1024, round: 0, latencies: [9_000] },
    { bytes: 64, round: 0, latencies: [10, 20, null] },
  ];
  expect(latencySeries({ path: 'overlay', bytes: 64, load: 'idle' }, rounds)).toMatchObject({
    sent: 6,
    samples: 4,
    lost: 2,
    min: 10,
    max: 50,
    jitter: 15,
    rounds: [
      { samples: 2, p50: 10 },
      { samples: 2, p50: 30 },
    ],
  });
});
