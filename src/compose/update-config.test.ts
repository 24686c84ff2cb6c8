import { expect, test } from 'vitest';
import { updateConfig } from './update-config.ts';

test.each([
  [undefined, undefined],
  [{}, { Parallelism: 1 }],
  [{ parallelism: 0 }, { Parallelism: 0 }],
  [
    {
      parallelism: 2,
      delay: '10s',
      failure_action: 'rollback',
      monitor: '20s',
      max_failure_ratio: 0.25,
      order: 'start-first',
    },
    {
      Parallelism: 2,
      Delay: 10e9,
      FailureAction: 'rollback',
      Monitor: 20e9,
      MaxFailureRatio: 0.25,
      Order: 'start-first',
    },
  ],
])('updateConfig(%j) is %j', (config, expected) => {
  expect(updateConfig(config)).toEqual(expected);
});
