import { expect, test } from 'vitest';
import { changedPaths } from './changed-paths.ts';

test('equal trees have no changed path', () => {
  const tree = { spec: { Env: ['A=1'], Replicas: 0, Labels: {} } };
  expect(changedPaths(tree, structuredClone(tree))).toEqual([]);
});

test.each<[string, unknown, unknown, string[]]>([
  ['a value', { spec: { Image: 'web:1' } }, { spec: { Image: 'web:2' } }, ['spec.Image']],
  ['an element of a list', { Env: ['A=1', 'B=1'] }, { Env: ['A=1', 'B=2'] }, ['Env[1]']],
  ['a field in an element', { Ports: [{ Target: 1 }] }, { Ports: [{ Target: 2 }] }, ['Ports[0].Target']],
  ['a longer list', { Env: ['A=1'] }, { Env: ['A=1', 'B=2', 'C=3'] }, ['Env[1]', 'Env[2]']],
  ['a shorter list', { Env: ['A=1'] }, { Env: [] }, ['Env[0]']],
  ['a field that is new', {}, { Replicas: 2 }, ['Replicas']],
  ['a field that is gone', { Replicas: 2 }, {}, ['Replicas']],
  ['a whole object that is new', {}, { Placement: { Constraints: [] } }, ['Placement']],
  ['several fields, in the order of the alphabet', { b: 1, a: 1 }, { a: 2, b: 2 }, ['a', 'b']],
  ['another type', { Mode: { Global: {} } }, { Mode: 'global' }, ['Mode']],
  ['a list for an object', { Mode: {} }, { Mode: [] }, ['Mode']],
  ['null for an object', { Mode: {} }, { Mode: null }, ['Mode']],
  ['the whole', 'a', 'b', ['']],
])('%s', (_, before, after, paths) => {
  expect(changedPaths(before, after)).toEqual(paths);
});

test('absent and undefined are the same', () => {
  expect(changedPaths({ Monitor: undefined }, {})).toEqual([]);
});

test('zero, empty text and absent are not', () => {
  expect(changedPaths({ a: 0, b: '' }, {})).toEqual(['a', 'b']);
});
