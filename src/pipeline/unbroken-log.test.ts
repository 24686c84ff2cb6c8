import { expect, test } from 'vitest';
import type { LogLine, LogQuery } from '../docker/service-logs.ts';
import { SwarmctlError } from '../errors.ts';
import { unbrokenLog } from './unbroken-log.ts';

const line = (second: number, taskId = 'a', stream: LogLine['stream'] = 'stdout'): LogLine => ({
  time: `2026-11-21T16:00:${String(second).padStart(2, '0')}.000000000Z`,
  stream,
  taskId,
  text: `${taskId}${second}`,
});
const lost = new SwarmctlError('unreachable', 'The manager is gone.');
const gone = new SwarmctlError('not-found', 'There is no such service.');

/** Follows a log that is opened several times; each opening gives its lines and then fails, or ends. */
async function follow(openings: (LogLine | SwarmctlError)[][], query: LogQuery = { follow: true }) {
  const queries: LogQuery[] = [];
  const told: string[] = [];
  const stop = new AbortController();
  const open = async function* (part: LogQuery) {
    queries.push(part);
    for (const item of openings[queries.length - 1] ?? []) {
      if (item instanceof SwarmctlError) throw item;
      yield item;
    }
    if (queries.length >= openings.length) stop.abort();
  };
  const texts: string[] = [];
  const onBroken = ({ message }: SwarmctlError) => void told.push(message);
  const options = { query, signal: stop.signal, onBroken, retryMs: 1 };
  for await (const { text } of unbrokenLog(open, options)) texts.push(text);
  return { texts, queries, told };
}

test('a log that breaks off goes on where it was, without a line twice and without one lost', async () => {
  const { texts, queries, told } = await follow([
    [line(1), line(2), lost],
    [line(1), line(2), line(3)],
  ]);
  expect(texts).toEqual(['a1', 'a2', 'a3']);
  expect(told).toEqual(['The manager is gone.']);
  expect(queries).toEqual([{ follow: true }, { follow: true, since: '1795276792.000' }]);
});

test('a line of another task, or of the other stream, that is older than the last one is not lost', async () => {
  const { texts } = await follow([
    [line(1, 'a'), line(5, 'a'), line(1, 'b'), lost],
    [line(1, 'a'), line(1, 'b'), line(4, 'b'), line(4, 'a', 'stderr'), line(5, 'a'), line(6, 'a')],
  ]);
  expect(texts).toEqual(['a1', 'a5', 'b1', 'b4', 'a4', 'a6']);
});

test('lines of the same time are all told', async () => {
  const { texts } = await follow([[line(1), line(1), line(1)]]);
  expect(texts).toHaveLength(3);
});

test('one that cannot be opened is told once, however often it is tried', async () => {
  const { texts, told } = await follow([[lost], [lost], [lost], [line(1), lost], [line(2)]]);
  expect(texts).toEqual(['a1', 'a2']);
  expect(told).toHaveLength(2);
});

test('a service that is gone ends it', async () => {
  await expect(follow([[line(1), gone]])).rejects.toBe(gone);
});

test('a log that is not followed ends with its end, and fails with its failure', async () => {
  const { texts, queries } = await follow([[line(1)], [line(2)]], { follow: false, tail: 5 });
  expect(texts).toEqual(['a1']);
  expect(queries).toEqual([{ follow: false, tail: 5 }]);
  await expect(follow([[line(1), lost]], { follow: false })).rejects.toBe(lost);
});
