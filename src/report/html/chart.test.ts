import { expect, test } from 'vitest';
import { lineChart, logTicks } from './chart.ts';

test.each([
  [
    [60, 900],
    [50, 100, 200, 500, 1_000],
  ],
  [[100, 100], [100]],
  [
    [0.4, 0.45],
    [0.2, 0.5],
  ],
  [
    [1, 9e6],
    [1, 10, 100, 1_000, 10_000, 100_000, 1e6, 1e7],
  ],
  [[], []],
])('the marks for %s are %s', (values, ticks) => {
  expect(logTicks(values).map((tick) => Number(tick.toPrecision(6)))).toEqual(ticks);
});

const axis = (values: number[]) => ({
  label: '',
  ticks: values.map((value) => ({ value, text: String(value) })),
});

test('points lie where the axes say', () => {
  const { markup } = lineChart({
    title: 'x',
    x: { ...axis([1, 100]), log: true },
    y: axis([0, 100]),
    lines: [
      {
        name: 'one',
        color: 'host',
        points: [
          [1, 0],
          [10, 50],
          [100, 100],
        ],
      },
    ],
  });
  expect(markup).toContain('points="56,200 341,105 626,10"');
});

test('a line of one point is a dot, and one without height is in the middle', () => {
  const { markup } = lineChart({
    title: 'x',
    x: axis([0]),
    y: axis([]),
    lines: [{ name: 'one', color: 'host', points: [[0, 5]] }],
  });
  expect(markup).toContain('<circle class="line host" cx="341" cy="105" r="3">');
  expect(markup).not.toContain('NaN');
});
