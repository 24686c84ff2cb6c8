import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inTimeOrder, type Timed } from './time-order.ts';

const whole = { holdMs: Number.POSITIVE_INFINITY, maxBytes: 1e6 };
const at = (time: number, text = String(time)): Timed => ({ time: String(time).padStart(6, '0'), text });

async function* of(...items: Timed[]): AsyncGenerator<Timed> {
  yield* items;
}

async function textsOf(items: AsyncIterable<Timed>): Promise<string[]> {
  const texts: string[] = [];
  for await (const { text } of items) texts.push(text);
  return texts;
}

test('several sources come in the order of time, whatever came first', async () => {
  const late = async function* () {
    await sleep(20);
    yield* [at(1), at(4), at(9)];
  };
  expect(await textsOf(inTimeOrder([of(at(2), at(5)), late(), of()], whole))).toEqual([
    '1',
    '2',
    '4',
    '5',
    '9',
  ]);
});

test('a thousand shuffled items of ten sources come sorted', async () => {
  const numbers = Array.from({ length: 1000 }, (_, index) => (index * 7919) % 1009);
  const sources = Array.from({ length: 10 }, (_, source) =>
    of(...numbers.filter((_number, index) => index % 10 === source).map((number) => at(number))),
  );
  const sorted = numbers.toSorted((a, b) => a - b).map(String);
  expect(await textsOf(inTimeOrder(sources, whole))).toEqual(sorted);
});

test('items of the same time stay in the order of their coming', async () => {
  const items = ['a', 'b', 'c', 'd', 'e'].map((text) => at(1, text));
  expect(await textsOf(inTimeOrder([of(...items)], whole))).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('an item is held back for earlier ones, and goes when its time is up though nothing ends', async () => {
  const endless = new AbortController();
  const waits = async function* (...items: Timed[]) {
    yield* items;
    await sleep(60_000, undefined, { signal: endless.signal }).catch(() => {});
  };
  const later = async function* () {
    await sleep(5);
    yield at(1);
  };
  const ordered = inTimeOrder([waits(at(2)), later()], { holdMs: 500, maxBytes: 1e6 });
  expect((await ordered.next()).value?.text).toBe('1');
  expect((await ordered.next()).value?.text).toBe('2');
  endless.abort();
  expect((await ordered.next()).done).toBe(true);
});

test('a slow reader makes the sources wait: no more is held than allowed', async () => {
  let taken = 0;
  const plenty = async function* () {
    for (let time = 0; time < 10_000; time++) {
      taken = time;
      yield at(time, 'x'.repeat(800));
    }
  };
  const ordered = inTimeOrder([plenty()], { ...whole, maxBytes: 100_000 });
  for (let read = 0; read < 50; read++) await ordered.next();
  await sleep(20);
  // 1,000 bytes each: a hundred are held, one is over, and one waits in the source.
  expect(taken).toBeGreaterThanOrEqual(100);
  expect(taken).toBeLessThanOrEqual(50 + 102);
});

test('what a source fails with is passed on', async () => {
  const broken = async function* (): AsyncGenerator<Timed> {
    yield at(1);
    throw new TypeError('nobody expected this');
  };
  await expect(textsOf(inTimeOrder([broken()], whole))).rejects.toThrow('nobody expected this');
});
