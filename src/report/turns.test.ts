import { expect, test } from 'vitest';
import { turnLines } from './turns.ts';

test('a rollout reads as the order of its turns', () => {
  const turns = [
    { clusters: ['a'], limit: 1, soakMs: 300_000 },
    { clusters: ['b', 'c'], limit: 1 },
  ];
  expect(turnLines(turns, 'stop')).toEqual([
    '1. a, the canary, watched for 5m00s',
    '2. b, c, one at a time',
    'After a failure the clusters that were not reached keep what they have.',
  ]);
});

test('without a rollout there is one turn', () => {
  expect(turnLines([{ clusters: ['a', 'b'], limit: 8 }], 'continue')).toEqual([
    '1. a, b, 8 at a time',
    'A failure in one cluster does not concern the others.',
  ]);
});
