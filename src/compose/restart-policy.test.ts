import { describe, expect, test } from 'vitest';
import { restartPolicy } from './restart-policy.ts';

const locate = (...path: string[]) => path.join('.');

describe('restartPolicy', () => {
  test.each([
    [{}, undefined],
    [{ restart: 'no' }, undefined],
    [{ restart: 'always' }, { Condition: 'any' }],
    [{ restart: 'unless-stopped' }, { Condition: 'any' }],
    [{ restart: 'on-failure' }, { Condition: 'on-failure' }],
    [{ restart: 'on-failure:3' }, { Condition: 'on-failure', MaxAttempts: 3 }],
    [{ restart: 'always', deploy: { restart_policy: { condition: 'none' } } }, { Condition: 'none' }],
    [
      { deploy: { restart_policy: { condition: 'any', delay: '0s', max_attempts: 0, window: '2m0s' } } },
      { Condition: 'any', Delay: 0, MaxAttempts: 0, Window: 120e9 },
    ],
  ])('%j is %j', (service, expected) => {
    expect(restartPolicy(service, locate)).toEqual(expected);
  });

  test.each(['sometimes', 'always:3', 'on-failure:x', ':3'])('refuses `restart: %s`', (restart) => {
    expect(() => restartPolicy({ restart }, locate)).toThrow(`restart: \`restart: ${restart}\` is not known`);
  });
});
