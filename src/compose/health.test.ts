import { describe, expect, test } from 'vitest';
import { healthConfig } from './health.ts';

const locate = (...path: string[]) => path.join('.');

describe('healthConfig', () => {
  test.each([
    [undefined, undefined],
    [{ disable: true }, { Test: ['NONE'] }],
    [{ disable: false, test: ['NONE'] }, { Test: ['NONE'] }],
    [{ test: ['CMD', 'true'] }, { Test: ['CMD', 'true'] }],
    [{ interval: '1m30s' }, { Interval: 90e9 }],
    [
      {
        test: ['CMD-SHELL', 'x'],
        timeout: '2s',
        retries: 3,
        start_period: '1h0m0s',
        start_interval: '250ms',
      },
      { Test: ['CMD-SHELL', 'x'], Timeout: 2e9, Retries: 3, StartPeriod: 3600e9, StartInterval: 250e6 },
    ],
    [{ interval: '0s', retries: 0 }, {}],
  ])('%j is %j', (healthcheck, expected) => {
    expect(healthConfig(healthcheck, locate)).toEqual(expected);
  });

  test('refuses a test that is disabled', () => {
    expect(() => healthConfig({ test: ['CMD', 'true'], disable: true }, locate)).toThrow(
      'healthcheck.disable: a healthcheck cannot have both `test` and `disable: true`',
    );
  });
});
