import { once } from 'node:events';
import { type Duplex, PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { joinedStream } from './joined-stream.ts';

function connection() {
  const [readable, writable] = [new PassThrough(), new PassThrough()];
  const calls: string[] = [];
  const destroy = () => {
    calls.push('destroy');
  };
  const onSilentEnd = () => void calls.push('silent');
  return { readable, writable, calls, destroy, onSilentEnd };
}

test('what is written waits for the connection, and both directions end by themselves', async () => {
  const { promise, resolve } = Promise.withResolvers<ReturnType<typeof connection>>();
  const stream = joinedStream(() => promise);
  const closed = once(stream, 'close');
  stream.end('question');
  const inner = connection();
  resolve(inner);
  expect(await text(inner.writable)).toBe('question');
  inner.readable.end('answer');
  expect(await text(stream)).toBe('answer');
  await closed;
  expect(inner.calls).toEqual(['destroy']);
});

test('one that cannot be opened is an error, also for what was written before', async () => {
  const stream = joinedStream(() => Promise.reject(new Error('unknown host key')));
  stream.write('secret');
  const [error] = await once(stream, 'error');
  expect(error.message).toBe('unknown host key');
});

test('a connection that ends without a word is told', async () => {
  const inner = connection();
  const stream = joinedStream(async () => inner);
  stream.resume().end();
  inner.readable.end();
  await once(stream, 'close');
  expect(inner.calls).toEqual(['silent', 'destroy']);
});

test('an error of the connection gets its meaning', async () => {
  const inner = { ...connection(), explain: (error: Error) => new Error(`meant: ${error.message}`) };
  const stream = joinedStream(async () => inner);
  stream.resume();
  await new Promise(setImmediate);
  inner.readable.destroy(new Error('alert 42'));
  const [error] = await once(stream, 'error');
  expect(error.message).toBe('meant: alert 42');
});

test('a reader that is slow stops the connection, and loses nothing', async () => {
  const inner = connection();
  const stream = joinedStream(async () => inner);
  const payload = Buffer.alloc(64 * 1024, 'x');
  for (let sent = 0; sent < 64; sent++) inner.readable.write(payload);
  inner.readable.end();
  stream.read(0);
  while (!inner.readable.isPaused()) await new Promise(setImmediate);
  expect(stream.readableLength).toBeLessThan(64 * payload.length);
  expect((await text(stream)).length).toBe(64 * payload.length);
});

test('it can be destroyed while it is being opened', async () => {
  const { promise, resolve } = Promise.withResolvers<ReturnType<typeof connection>>();
  const stream: Duplex = joinedStream(() => promise);
  const inner = connection();
  await new Promise(setImmediate);
  stream.destroy();
  resolve(inner);
  await once(stream, 'close');
  expect(inner.calls).toContain('destroy');
});
