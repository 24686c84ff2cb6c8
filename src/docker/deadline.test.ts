import { expect, onTestFinished, test, vi } from 'vitest';
import { waitUntil, withDeadline } from './deadline.ts';

const never = new Promise<never>(() => {});

test('a promise that settles in time gives its value or its own error', async () => {
  expect(await withDeadline(Promise.resolve('answer'), 60_000, 'asking')).toBe('answer');
  const failing = withDeadline(Promise.reject(new Error('refused')), 60_000, 'asking');
  await expect(failing).rejects.toThrow('refused');
});

test('a promise that does not settle is a timeout that says what and how long', async () => {
  await expect(withDeadline(never, 20, 'reading service shop_web')).rejects.toMatchObject({
    code: 'timeout',
    message: 'reading service shop_web did not finish within 20 ms.',
  });
});

test('an abort ends the wait for a promise', async () => {
  const stop = new AbortController();
  const waiting = withDeadline(never, 60_000, 'The download', stop.signal);
  stop.abort();
  await expect(waiting).rejects.toMatchObject({
    code: 'interrupted',
    message: 'The download was interrupted.',
  });
});

test('a signal that was aborted before ends it too', async () => {
  await expect(withDeadline(never, 60_000, 'The download', AbortSignal.abort())).rejects.toMatchObject({
    code: 'interrupted',
  });
});

test('a check is asked until it gives something', async () => {
  const answers = [undefined, undefined, 0];
  const asked: number[] = [];
  const value = await waitUntil('an answer', async () => answers[asked.push(1) - 1], {
    deadlineMs: 60_000,
    intervalMs: 1,
  });
  expect(value).toBe(0);
  expect(asked).toHaveLength(3);
});

test('a wait that is over is a timeout that says what was last seen', async () => {
  const waiting = waitUntil('Node n1 becoming ready', async () => undefined, {
    deadlineMs: 20,
    intervalMs: 1,
    describe: () => 'down, manager',
  });
  await expect(waiting).rejects.toMatchObject({
    code: 'timeout',
    message: 'Node n1 becoming ready did not happen within 20 ms.',
    details: ['Last seen: down, manager'],
  });
});

test('without a deadline that lasts it is asked once', async () => {
  let asked = 0;
  const waiting = waitUntil('the lock', async () => void asked++, { deadlineMs: 0 });
  await expect(waiting).rejects.toMatchObject({ code: 'timeout', details: [] });
  expect(asked).toBe(1);
});

test('an error of the check ends the wait', async () => {
  const check = () => Promise.reject(new Error('gone'));
  await expect(waitUntil('an answer', check, { deadlineMs: 60_000 })).rejects.toThrow('gone');
});

test('an abort ends the wait', async () => {
  const stop = new AbortController();
  const waiting = waitUntil('Draining n1', async () => void stop.abort(), {
    deadlineMs: 60_000,
    signal: stop.signal,
  });
  await expect(waiting).rejects.toMatchObject({
    code: 'interrupted',
    message: 'Draining n1 was interrupted.',
  });
});

test('what has happened counts, even when it was aborted meanwhile', async () => {
  const options = { deadlineMs: 60_000, signal: AbortSignal.abort() };
  expect(await waitUntil('an answer', async () => 'here', options)).toBe('here');
});

test('a clock that steps back makes no wait longer', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const check = async () => {
    vi.setSystemTime(Date.now() - 3_600_000);
    return undefined;
  };
  await expect(waitUntil('The start', check, { deadlineMs: 20, intervalMs: 5 })).rejects.toMatchObject({
    code: 'timeout',
  });
});
