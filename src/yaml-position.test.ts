import { expect, test } from 'vitest';
import { LineCounter, parseDocument } from 'yaml';
import { nodeAt, positionOf } from './yaml-position.ts';

const text = `fleet: shop
clusters:
  us-east-1: &big
    managers: 3
  eu-west-1: *big
apps:
  - compose.yaml
  - { path: extra.yaml }
80: port
empty:
`;
const lineCounter = new LineCounter();
const document = parseDocument(text, { lineCounter });

test.each([
  [[], 1, 1],
  [['fleet'], 1, 8],
  [['clusters', 'us-east-1', 'managers'], 4, 15],
  [['clusters', 'eu-west-1'], 5, 14],
  [['clusters', 'eu-west-1', 'managers'], 4, 15],
  [['apps', 1], 8, 5],
  [['apps', 1, 'path'], 8, 13],
  [['80'], 9, 5],
  [['empty'], 10, 7],
])('the value at %j', (path, line, col) => {
  expect(positionOf(document, lineCounter, path)).toEqual({ line, col });
});

test('a key', () => {
  expect(positionOf(document, lineCounter, ['clusters', 'us-east-1', 'managers'], 'key')).toEqual({
    line: 4,
    col: 5,
  });
});

test('what is missing is placed at the map that should hold it', () => {
  expect(positionOf(document, lineCounter, ['clusters', 'us-east-1', 'workers', 'x'])).toEqual({
    line: 3,
    col: 3,
  });
  expect(positionOf(document, lineCounter, ['target'])).toEqual({ line: 1, col: 1 });
});

test('a node behind an alias, and none', () => {
  expect(nodeAt(document, ['clusters', 'eu-west-1', 'managers'])?.toJS(document)).toBe(3);
  expect(nodeAt(document, ['clusters', 'nowhere'])).toBeUndefined();
});

test('an empty document has one place', () => {
  const counter = new LineCounter();
  expect(positionOf(parseDocument('', { lineCounter: counter }), counter, ['a'])).toEqual({
    line: 1,
    col: 1,
  });
});
