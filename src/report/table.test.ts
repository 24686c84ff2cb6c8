import { expect, test } from 'vitest';
import { createStyle } from './style.ts';
import { type Column, layoutTable } from './table.ts';

interface Fruit {
  name: string;
  count: number;
  note?: string;
}

const columns: Column<Fruit>[] = [
  { title: 'name', cell: (fruit) => fruit.name, shrink: true },
  { title: 'count', cell: (fruit) => String(fruit.count), align: 'right' },
  { title: 'note', cell: (fruit) => fruit.note ?? '', drop: 1 },
];
const rows: Fruit[] = [
  { name: 'apple', count: 7, note: 'red' },
  { name: 'a very long pineapple', count: 1200 },
];

test('columns are as wide as their content', () => {
  expect(layoutTable(columns, rows, createStyle(false))).toEqual([
    'NAME                   COUNT  NOTE',
    'apple                      7  red',
    'a very long pineapple   1200',
  ]);
});

test('what may be dropped goes first, then what may shrink is cut', () => {
  expect(layoutTable(columns, rows, createStyle(false, 30))).toEqual([
    'NAME                   COUNT',
    'apple                      7',
    'a very long pineapple   1200',
  ]);
  expect(layoutTable(columns, rows, createStyle(false, 20))).toEqual([
    'NAME           COUNT',
    'apple              7',
    'a very long …   1200',
  ]);
});

test('a table is never cut beyond recognition', () => {
  expect(layoutTable(columns, rows, createStyle(false, 1))).toEqual([
    'NAME      COUNT',
    'apple         7',
    'a very …   1200',
  ]);
});

test('columns without content are left out, and so is a table without rows', () => {
  expect(layoutTable(columns, [{ name: 'apple', count: 7 }], createStyle(false))).toEqual([
    'NAME   COUNT',
    'apple      7',
  ]);
  expect(layoutTable(columns, [], createStyle(false))).toEqual([]);
});

test('colours do not move columns', () => {
  const style = createStyle(true);
  const painted: Column<Fruit>[] = [
    { title: 'name', cell: (fruit) => fruit.name, paint: (text) => style.chalk.red(text) },
    { title: 'count', cell: (fruit) => String(fruit.count) },
  ];
  expect(layoutTable(painted, rows, style)[1]).toBe(`\u001b[31m${'apple'.padEnd(21)}\u001b[39m  7`);
});
