import { json } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { answer, refusal, startEngine } from './scripted-engine.ts';
import { isLocked, unlockManager } from './unlock.ts';

const { signal } = new AbortController();

/** An engine whose manager is locked until it is given the key; it notes what it is given. */
async function startLocked(key: string) {
  let state = 'locked';
  const given: unknown[] = [];
  const engine = await startEngine({
    '/info': () => answer({ Swarm: { LocalNodeState: state } }),
    '/swarm/unlock': async (request) => {
      const sent = await json(request);
      given.push(sent);
      if ((sent as { UnlockKey: string }).UnlockKey !== key) return refusal(400, 'invalid key provided');
      state = 'active';
      return answer({});
    },
  });
  return { ...engine, given };
}

test('the keys are tried in their order, and none after the one that fits', async () => {
  const { endpoint, given } = await startLocked('second');
  expect(await isLocked(endpoint)).toBe(true);
  expect(await unlockManager(endpoint, ['first', 'second', 'third'], signal)).toBe(true);
  expect(given).toEqual([{ UnlockKey: 'first' }, { UnlockKey: 'second' }]);
  expect(await isLocked(endpoint)).toBe(false);
});

test('without a key that fits it stays locked', async () => {
  const { endpoint } = await startLocked('lost');
  expect(await unlockManager(endpoint, ['first', 'second'], signal)).toBe(false);
  expect(await unlockManager(endpoint, [], signal)).toBe(false);
  expect(await isLocked(endpoint)).toBe(true);
});

test('an engine that does not answer is neither locked nor open', async () => {
  expect(await isLocked('unix:///nowhere/docker.sock')).toBeUndefined();
});

test('an abort ends the wait for an engine that waits for its quorum', async () => {
  const stop = new AbortController();
  const { endpoint } = await startEngine({
    '/swarm/unlock': () => {
      stop.abort();
      return new Promise(() => {});
    },
  });
  const unlocking = unlockManager(endpoint, ['first', 'second'], stop.signal);
  await expect(unlocking).rejects.toMatchObject({ code: 'interrupted' });
});
