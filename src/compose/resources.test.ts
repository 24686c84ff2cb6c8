import { describe, expect, test } from 'vitest';
import { resourceRequirements } from './resources.ts';

const locate = (...path: string[]) => path.join('.');

describe('resourceRequirements', () => {
  test.each([
    [undefined, {}],
    [{ limits: {} }, {}],
    [{ limits: { cpus: '0.50' } }, { Limits: { NanoCPUs: 500_000_000 } }],
    [{ limits: { memory: '52428800', pids: 100 } }, { Limits: { MemoryBytes: 52_428_800, Pids: 100 } }],
    [
      { limits: { cpus: '2' }, reservations: { cpus: '0.25', memory: '1024' } },
      { Limits: { NanoCPUs: 2e9 }, Reservations: { NanoCPUs: 250_000_000, MemoryBytes: 1024 } },
    ],
  ])('%j is %j', (resources, expected) => {
    expect(resourceRequirements(resources, locate)).toEqual(expected);
  });

  test.each([
    ['limits', 'half'],
    ['reservations', '0.0000000001'],
  ])('refuses %s of %s processors', (kind, cpus) => {
    expect(() => resourceRequirements({ [kind]: { cpus } }, locate)).toThrow(
      `deploy.resources.${kind}.cpus: \`cpus: ${cpus}\` is no number with at most nine decimals`,
    );
  });
});
