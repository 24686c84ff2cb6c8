import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { percentile } from './percentile.ts';
import { readSockperf } from './sockperf.ts';

/** Recorded: 120 messages of sockperf 3.7 with the options that the benchmark uses. */
const told = await fixture('ping-pong.stdout.txt');
const log = await fixture('ping-pong.log.txt');

function fixture(name: string): Promise<string> {
  return readFile(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
}

function reasonOf(told: string, log: string): string {
  const result = readSockperf(told, log);
  return result.kind === 'measured' ? `measured ${result.roundTripsMs.length}` : result.reason;
}

describe('a recorded run', () => {
  const result = readSockperf(told, log);
  const roundTripsMs = result.kind === 'measured' ? result.roundTripsMs : [];

  test('gives each message, in milliseconds', () => {
    expect(roundTripsMs).toHaveLength(120);
    expect(roundTripsMs.slice(0, 4)).toEqual([0.065281, 0.066097, 0.076096, 0.073503]);
  });

  test('agrees with what sockperf says of the same messages', () => {
    const sorted = roundTripsMs.toSorted((a, b) => a - b);
    // To a few nanoseconds: sockperf cuts off where it could round.
    const nearly = (milliseconds: number) => expect.closeTo(milliseconds, 5);
    expect(percentile(sorted, 50)).toEqual(nearly(0.069693));
    expect(percentile(sorted, 99)).toEqual(nearly(0.117412));
    expect([sorted[0], sorted.at(-1)]).toEqual([nearly(0.056205), nearly(0.174082)]);
  });
});

describe('no data', () => {
  test('the server cannot be reached', () => {
    const refused = 'sockperf: ERROR: Can`t connect socket (errno=111 Connection refused)\n';
    expect(readSockperf(refused, '')).toEqual({
      kind: 'not-connected',
      reason: 'Can`t connect socket (errno=111 Connection refused)',
    });
    const blocked =
      'sockperf: Test end (interrupted by user)\nsockperf: ERROR: Can`t connect socket (errno=4 Interrupted system call)\n';
    expect(readSockperf(blocked, '')).toEqual({ kind: 'not-connected', reason: 'no answer' });
    expect(readSockperf('', '')).toEqual({ kind: 'not-connected', reason: 'no answer' });
  });

  test('the server dies while it is measured', () => {
    const dead = `sockperf: Starting test...\nIP = 10.0.1.18 PORT = 11111 # TCP sockperf: ERROR: A connection was forcibly closed by a peer (errno=0 Success)\n`;
    expect(readSockperf(dead, '')).toEqual({
      kind: 'broken',
      reason: 'A connection was forcibly closed by a peer (errno=0 Success)',
    });
  });

  test('the server takes messages and answers none', () => {
    const stalled = `sockperf: Starting test...\nsockperf: Test ended\nsockperf: No messages were received from the server. Is the server down?\n`;
    expect(readSockperf(stalled, '')).toEqual({ kind: 'broken', reason: 'no message came back' });
  });

  test('the run ends within the warm-up', () => {
    const short = `sockperf: Starting test...\nsockperf: Test ended\nsockperf: No valid observations found. Try tune parameters: --time/--mps/--reply-every\n`;
    expect(readSockperf(short, '')).toEqual({ kind: 'measured', roundTripsMs: [] });
  });

  test('the output stops in the middle', () => {
    expect(reasonOf(told.slice(0, told.indexOf('[Valid')), log)).toBe('the summary of sockperf is missing');
    expect(reasonOf(told, '')).toBe('the log of sockperf is cut off');
    expect(reasonOf(told, log.slice(0, log.length / 2))).toBe('the log of sockperf is cut off');
  });

  test('the log lacks a message', () => {
    const lines = log.split('\n');
    const at = lines.findIndex((line) => line.startsWith('60, '));
    expect(reasonOf(told, lines.toSpliced(at, 1).join('\n'))).toBe('the log has 119 of 120 messages');
  });

  test('half round trips are not taken for whole ones', () => {
    expect(reasonOf(told, log.replace('rtt(usec)', 'latency(usec)'))).toBe('the log of sockperf is cut off');
  });
});

test.each([
  ['a time of zero', '0.407388303, 0.407388303, 0.000'],
  ['a clock that stepped back', '0.407388303, 0.407323022, -65.281'],
  ['an absurd clock', '0.407323022, 86400.407388303, 65.281'],
  ['no number', '0.407323022, 0.407388303, nan'],
  ['an error message', '{"error": "no such file"}'],
  ['half a line', '0.407323022'],
])('%s is no measurement', (_, times) => {
  const wrong = log.replace(/^7, .*$/m, `7, ${times}`);
  expect(reasonOf(told, wrong)).toBe(`the log makes no sense: 7, ${times}`);
});
