import { expect, test } from 'vitest';
import { combinedExitCode, type ErrorCode, type ExitCode, exitCodeOf, SwarmctlError } from './errors.ts';

test.each<[ErrorCode, ExitCode]>([
  ['usage', 64],
  ['config', 64],
  ['budget-missed', 3],
  ['quorum-refused', 4],
  ['network-refused', 4],
  ['deletes-refused', 4],
  ['confirmation-refused', 4],
  ['interrupted', 130],
  ['no-quorum', 1],
  ['unreachable', 1],
  ['locked', 1],
])('%s exits with %i', (code, exitCode) => {
  expect(exitCodeOf(new SwarmctlError(code, 'It failed.'))).toBe(exitCode);
});

test.each([new TypeError('x is undefined'), 'text', undefined])('anything else is a failure: %s', (error) => {
  expect(exitCodeOf(error)).toBe(1);
});

test.each<[ExitCode[], ExitCode]>([
  [[], 0],
  [[0, 0], 0],
  [[0, 2], 2],
  [[2, 3], 3],
  [[3, 4], 4],
  [[4, 1], 1],
  [[1, 64], 64],
  [[64, 130, 1], 130],
  [[0, 2, 3, 4, 1], 1],
])('of %j, %i is the exit code of all clusters', (codes, exitCode) => {
  expect(combinedExitCode(codes)).toBe(exitCode);
  expect(combinedExitCode(codes.toReversed())).toBe(exitCode);
});

test('an error carries what the reader needs, and its cause only when there is one', () => {
  const cause = new Error('connect ENOENT');
  const error = new SwarmctlError('unreachable', 'No manager.', {
    hint: 'Start it.',
    details: ['m1'],
    cause,
  });
  expect(error).toMatchObject({ name: 'SwarmctlError', hint: 'Start it.', details: ['m1'], cause });
  const bare = new SwarmctlError('usage', 'What?');
  expect(bare).toMatchObject({ hint: undefined, details: [] });
  expect('cause' in bare).toBe(false);
});
