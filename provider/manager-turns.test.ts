import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SwarmctlError } from '../src/errors.ts';
import { createManagerTurns } from './manager-turns.ts';

const refusal = () => new SwarmctlError('quorum-refused', 'no');

/** Work that tells of its beginning and its end. */
function logged(log: string[], name: string, end: () => void = () => {}) {
  return async () => {
    log.push(`${name} begins`);
    await setImmediate();
    end();
    log.push(`${name} ends`);
  };
}

test('no two are at work at once, and one that fails holds up no other', async () => {
  const turns = createManagerTurns(new AbortController().signal);
  const log: string[] = [];
  const fail = () => {
    throw new Error('broken');
  };
  const results = await Promise.allSettled([
    turns(logged(log, 'a')),
    turns(logged(log, 'b', fail)),
    turns(logged(log, 'c')),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'c begins', 'c ends']);
});

test('a manager that the quorum needs is asked for once more after a dead one has gone', async () => {
  const turns = createManagerTurns(new AbortController().signal);
  let isDeadGone = false;
  const log: string[] = [];
  const reachable = logged(log, 'reachable', () => {
    if (!isDeadGone) throw refusal();
  });
  const dead = logged(log, 'dead', () => {
    isDeadGone = true;
  });
  await Promise.all([turns(reachable), turns(dead)]);
  expect(log).toEqual(['reachable begins', 'dead begins', 'dead ends', 'reachable begins', 'reachable ends']);
});

test('one that stays needed is refused, at once when the run is stopped', async () => {
  const turns = createManagerTurns(AbortSignal.abort());
  const log: string[] = [];
  const needed = logged(log, 'a', () => {
    throw refusal();
  });
  await expect(turns(needed)).rejects.toMatchObject({ code: 'quorum-refused' });
  expect(log).toEqual(['a begins']);
});
