import { expect, test } from 'vitest';
import { SwarmctlError } from '../errors.ts';
import { dockerError } from './failure.ts';

/** What the Docker API client throws for an answer of an engine. */
function answer(statusCode: number, message: string) {
  return Object.assign(new Error(`(HTTP code ${statusCode}) unexpected - ${message} `), {
    statusCode,
    json: { message },
  });
}

test.each([
  ['unreachable', Object.assign(new Error('connect ENOENT /run/gone.sock'), { code: 'ENOENT' })],
  ['unreachable', new Error('socket hang up')],
  ['not-found', answer(404, 'service shop_web not found')],
  ['conflict', answer(409, 'rpc error: code = AlreadyExists desc = name conflicts with an existing object')],
  ['conflict', answer(500, 'rpc error: code = Unknown desc = update out of sequence')],
  ['no-quorum', answer(503, 'This node is not a swarm manager.')],
  ['no-quorum', answer(500, 'rpc error: code = Unknown desc = The swarm does not have a leader.')],
  ['no-quorum', answer(500, 'rpc error: code = DeadlineExceeded desc = context deadline exceeded')],
  ['docker', answer(400, 'invalid CapacityNodes')],
  ['docker', answer(500, 'no space left on device')],
])('%s: %s', (code, failure) => {
  const error = dockerError(failure, 'reading service shop_web', 'exec://shop-eu-manager-1');
  expect(error).toMatchObject({ code, cause: failure });
  expect(error.message).toContain('exec://shop-eu-manager-1');
});

test('the reader is told what failed, where, and in the words of the engine', () => {
  const failure = answer(400, 'invalid mount target\n');
  expect(dockerError(failure, 'making service shop_web', 'exec://shop-eu-manager-1').message).toBe(
    'making service shop_web on exec://shop-eu-manager-1 failed: invalid mount target',
  );
});

test("without a JSON answer the client's own words count", () => {
  const failure = Object.assign(new Error('(HTTP code 500) server error - broken pipe '), {
    statusCode: 500,
  });
  expect(dockerError(failure, 'asking', 'unix:///run/a.sock').message).toMatch(
    /\(HTTP code 500\) server error - broken pipe$/,
  );
});

test('an error that is meant for the reader already stays the same', () => {
  const error = new SwarmctlError('timeout', 'asking did not finish within 15 s.');
  expect(dockerError(error, 'asking', 'unix:///run/a.sock')).toBe(error);
});
