import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readDatagrams, readTcp } from './iperf.ts';

/** Recorded with iperf3 3.18: `--json --time 1 --parallel 2`, and `--udp --bitrate 50M`; only the end of each. */
const tcp = await fixture('iperf-tcp.json');
const udp = await fixture('iperf-udp.json');

function fixture(name: string): Promise<string> {
  return readFile(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
}

test('TCP: what arrived, and the mean of the streams’ round trips in microseconds', () => {
  expect(readTcp(tcp, 1)).toEqual({
    streams: 2,
    bitsPerSecond: 17319168551.71811,
    retransmits: 9,
    loadedRttUs: (116 + 71) / 2,
  });
});

test('datagrams: what the server has seen', () => {
  expect(readDatagrams(udp, 1)).toEqual({
    bitsPerSecond: 50035379.87092803,
    sent: 191,
    lost: 0,
    jitterUs: expect.closeTo(39.4, 1),
  });
});

describe('no data', () => {
  test.each([readTcp, readDatagrams])('%o: the server is away, or the output stops in the middle', (read) => {
    const error = 'unable to connect to server: Connection refused';
    expect(() => read(JSON.stringify({ start: {}, intervals: [], end: {}, error }), 1)).toThrow(error);
    expect(() => read(tcp.slice(0, -200), 1)).toThrow("the probe's answer is cut off or no JSON");
    expect(() => read('', 1)).toThrow('the probe said nothing');
    expect(() => read(JSON.stringify({ end: {} }), 1)).toThrow("the probe's answer has no");
  });

  test('nothing arrived: no throughput of 0', () => {
    const { end } = JSON.parse(tcp);
    const nothing = { end: { ...end, sum_received: { ...end.sum_received, bits_per_second: 0 } } };
    expect(() => readTcp(JSON.stringify(nothing), 1)).toThrow('iperf3 received nothing');
    expect(() => readDatagrams(udp.replaceAll(/"packets":\s*191/g, '"packets": 0'), 1)).toThrow(
      'sent no datagrams',
    );
  });

  test.each([0.000_4, -3_599, 86_401])(
    'a clock that was set: what took a second is said to take %d s',
    (told) => {
      const setTo = (output: string) => output.replaceAll(/"seconds":\s*1\.\d+/g, `"seconds": ${told}`);
      const reason = `iperf3 ran for 1 s and tells of ${told} s: a clock was set meanwhile`;
      expect(() => readTcp(setTo(tcp), 1)).toThrow(reason);
      expect(() => readDatagrams(setTo(udp), 1)).toThrow(reason);
    },
  );
});
