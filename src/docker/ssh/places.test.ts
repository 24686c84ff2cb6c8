import { expect, test } from 'vitest';
import { openPlaces } from './places.ts';

const { signal } = new AbortController();
const deadlineMs = 10_000;

test('who comes later waits for a place, in order', async () => {
  const places = openPlaces(2, 'ssh://web-1');
  const order: number[] = [];
  const releases = await Promise.all([places.take(deadlineMs, signal), places.take(deadlineMs, signal)]);
  expect(places.isShort()).toBe(false);
  const later = [1, 2].map(async (number) => {
    const release = await places.take(deadlineMs, signal);
    order.push(number);
    release();
  });
  expect(places.isShort()).toBe(true);
  expect(order).toEqual([]);
  releases[0]?.();
  await Promise.all(later);
  expect(order).toEqual([1, 2]);
  expect(places.isShort()).toBe(false);
});

test('those who keep idle streams are told that places are short', async () => {
  const places = openPlaces(1, 'ssh://web-1');
  const release = await places.take(deadlineMs, signal);
  const forget = places.onShort(release);
  const next = await places.take(deadlineMs, signal);
  forget();
  next();
  next();
  await places.take(deadlineMs, signal);
  await expect(places.take(10, signal)).rejects.toMatchObject({ code: 'timeout' });
});

test('one who has stopped waiting takes no place', async () => {
  const places = openPlaces(1, 'ssh://web-1');
  const release = await places.take(deadlineMs, signal);
  const stop = new AbortController();
  const stopped = places.take(deadlineMs, stop.signal);
  const patient = places.take(deadlineMs, signal);
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ code: 'interrupted' });
  release();
  await patient;
});
