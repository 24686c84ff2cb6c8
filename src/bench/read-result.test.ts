import { expect, test } from 'vitest';
import { SwarmctlError } from '../errors.ts';
import { sampleBench } from '../report/sample-bench.ts';
import { readBenchResult } from './read-result.ts';

const whole = JSON.stringify(sampleBench());

function refusal(text: string): SwarmctlError {
  try {
    readBenchResult(text, 'base.json');
  } catch (error) {
    if (error instanceof SwarmctlError) return error;
  }
  throw new Error('not refused');
}

test('a result, as the history has it and within a document of `bench --json`', () => {
  expect(readBenchResult(whole, 'base.json')).toEqual(sampleBench());
  const document = JSON.stringify({ version: 1, command: 'bench', result: sampleBench() });
  expect(readBenchResult(document, 'base.json')).toEqual(sampleBench());
});

const first = 'clusters[0].pairs[0].latency[0]';

test.each([
  ['an empty file', '', 'it is empty'],
  ['a truncated one', whole.slice(0, whole.length / 2), 'it is cut off or no JSON'],
  ['NaN', whole.replace('"p50":80', '"p50":NaN'), 'it is cut off or no JSON'],
  ['an error document', '{"error": "no such container"}', 'version: expected version 1, it is missing'],
  ['a list', '[]', 'the document: expected an object, found []'],
  ['a newer version', whole.replace('"version":1', '"version":2'), 'version: expected version 1, found 2'],
  [
    'what NaN becomes in JSON',
    whole.replace('"p50":80', '"p50":null'),
    `${first}.p50: expected a latency above 0, found null`,
  ],
  ['zero', whole.replace('"p50":80', '"p50":0'), `${first}.p50: expected a latency above 0, found 0`],
  [
    'a negative latency',
    whole.replace('"p50":80', '"p50":-80'),
    `${first}.p50: expected a latency above 0, found -80`,
  ],
  [
    'a round of zero',
    whole.replace('"rounds":[{"samples":1000,"p50":80', '"rounds":[{"samples":1000,"p50":0'),
    `${first}.rounds[0].p50: expected a latency above 0, found 0`,
  ],
  [
    'an infinite latency',
    whole.replace('"p50":80', '"p50":1e999'),
    `${first}.p50: expected a latency above 0, found null`,
  ],
  [
    'a text for a number',
    whole.replace('"p50":80', '"p50":"80"'),
    `${first}.p50: expected a latency above 0, found "80"`,
  ],
  ['no rounds', whole.replace('"rounds"', '"laps"'), `${first}.rounds: expected a list, it is missing`],
  [
    'no environment',
    whole.replace('"environment"', '"place"'),
    'clusters[0].environment: expected an object, it is missing',
  ],
  [
    'an unknown path',
    whole.replace('"path":"host"', '"path":"moon"'),
    `${first}.path: expected host or overlay, found "moon"`,
  ],
])('%s is refused', (_, text, reason) => {
  const { code, message, hint } = refusal(text);
  expect(code).toBe('baseline');
  expect(message).toContain(`base.json is not the result of a benchmark: ${reason}`);
  expect(hint).toContain('--save-baseline');
});
