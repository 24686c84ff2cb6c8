import { expect, test } from 'vitest';
import { createMemoryIo } from './memory-io.ts';
import { createStyle } from './style.ts';
import { createRedrawn, formatBytes, usageFailures, usageLines } from './usage.ts';

const mebi = 1024 ** 2;
const error = { code: 'unreachable' as const, message: 'No manager can be reached.' };
const clusters = [
  {
    name: 'east',
    region: 'east',
    services: [
      { service: 'shop_db', tasks: 1, cpuPercent: 112.5, memoryBytes: 300 * mebi },
      { service: 'shop_web', tasks: 2, cpuPercent: 0.5, memoryBytes: 3 * mebi, memoryLimitBytes: 64 * mebi },
    ],
    unmeasured: [{ node: 'n2', error: { ...error, message: 'The engine cannot be reached.' } }],
  },
  { name: 'west', region: 'west', error },
];

test('services stand below each other in the words of `docker stats`', () => {
  expect(usageLines(clusters, createStyle(false))).toEqual([
    'CLUSTER  SERVICE   TASKS    CPU %  MEM USAGE / LIMIT  MEM %',
    'east     shop_db       1  112.50%      300MiB / none',
    'east     shop_web      2    0.50%       3MiB / 64MiB  4.69%',
  ]);
});

test('what could not be measured is told with its cluster or node', () => {
  expect(usageFailures(clusters, createStyle(false))).toEqual([
    '✖ n2: The engine cannot be reached.',
    '✖ west: No manager can be reached.',
  ]);
});

test.each([
  [0, '0B'],
  [1_023, '1023B'],
  [495_616, '484KiB'],
  [1.195 * mebi, '1.195MiB'],
  [25_276_000_000, '23.54GiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('lines are drawn in the place of those before, as many as the window has room for', () => {
  const io = createMemoryIo({ columns: 20, rows: 4 });
  const draw = createRedrawn(io);
  draw(['a', 'b']);
  draw(['c', 'd', 'e', 'f']);
  expect(io.outText()).toBe('a\nb\n\u001b[2A\r\u001b[Jc\nd\ne\n');
});
