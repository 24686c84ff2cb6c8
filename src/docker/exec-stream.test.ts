import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { demultiplex } from './exec-stream.ts';

/** The stream of an exec as the CLI sees it, and the engine's end of the connection. */
async function openExec(): Promise<{ stream: Duplex; raw: Socket; engine: Socket }> {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-exec-'));
  const path = join(folder, 'exec.sock');
  const server = createServer({ allowHalfOpen: true }).listen(path);
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const raw = connect({ path, allowHalfOpen: true });
  const [engine] = await accepted;
  onTestFinished(async () => {
    raw.destroy();
    engine.destroy();
    server.close();
    await rm(folder, { recursive: true });
  });
  const stream = demultiplex(async () => raw);
  await nextTurn();
  return { stream, raw, engine };
}

function frame(kind: 'stdout' | 'stderr', content: string | Buffer): Buffer {
  const payload = Buffer.from(content);
  const header = Buffer.alloc(8);
  header[0] = kind === 'stdout' ? 1 : 2;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

async function read(stream: Duplex): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('several frames in one chunk', async () => {
  const { stream, engine } = await openExec();
  engine.end(Buffer.concat([frame('stdout', 'HTTP/1.1 '), frame('stdout', '200 OK'), frame('stdout', '')]));
  expect(await read(stream)).toBe('HTTP/1.1 200 OK');
});

test('frames that are split anywhere, in the header too', async () => {
  const { stream, raw, engine } = await openExec();
  const received = read(stream);
  for (const byte of Buffer.concat([frame('stdout', 'HTTP/1.1 '), frame('stdout', '204 µ')])) {
    const arrived = once(raw, 'data');
    engine.write(Buffer.of(byte));
    await arrived;
  }
  engine.end();
  expect(await received).toBe('HTTP/1.1 204 µ');
});

test('what goes to stderr is no content; at the end it is the error', async () => {
  const { stream, engine } = await openExec();
  const received: string[] = [];
  stream.on('data', (chunk: Buffer) => received.push(chunk.toString()));
  const failed = once(stream, 'error');
  engine.write(frame('stdout', 'HTTP/1.1'));
  engine.write(frame('stderr', 'Cannot connect to the '));
  engine.end(frame('stderr', 'Docker daemon\n'));
  expect(await failed).toEqual([new Error('Cannot connect to the Docker daemon')]);
  expect(received).toEqual(['HTTP/1.1']);
});

test('what is written arrives as it is', async () => {
  const { stream, engine } = await openExec();
  stream.write('GET /info ');
  stream.end('HTTP/1.1\r\n\r\n');
  expect(await read(engine)).toBe('GET /info HTTP/1.1\r\n\r\n');
});

test('closed for writing, it still reads', async () => {
  const { stream, engine } = await openExec();
  stream.end('request');
  expect(await read(engine)).toBe('request');
  engine.end(frame('stdout', 'answer'));
  expect(await read(stream)).toBe('answer');
});

test('closed for reading, it still writes', async () => {
  const { stream, engine } = await openExec();
  engine.end(frame('stdout', 'answer'));
  expect(await read(stream)).toBe('answer');
  const received = read(engine);
  stream.end('late');
  expect(await received).toBe('late');
});

test('a reader that is slow stops the engine from sending, and loses nothing', async () => {
  const { stream, raw, engine } = await openExec();
  const payload = Buffer.alloc(64 * 1024, 'x');
  const frames = 64;
  for (let sent = 0; sent < frames; sent++) engine.write(frame('stdout', payload));
  engine.end();
  stream.read(0);
  while (!raw.isPaused()) await nextTurn();
  expect(stream.readableLength).toBeLessThan(frames * payload.length);
  expect((await read(stream)).length).toBe(frames * payload.length);
});

test('a connection that breaks is an error', async () => {
  const { stream, raw } = await openExec();
  const failed = once(stream, 'error');
  raw.destroy(new Error('read ECONNRESET'));
  expect(await failed).toEqual([new Error('read ECONNRESET')]);
});

test('destroyed, it closes the connection', async () => {
  const { stream, engine } = await openExec();
  const closed = once(engine.resume(), 'end');
  stream.destroy();
  expect(await closed).toEqual([]);
});

test('one that cannot be opened is an error, also for what was written before', async () => {
  const stream = demultiplex(() => Promise.reject(new Error('No such container: shop-eu-manager-1')));
  const failed = once(stream, 'error');
  stream.write('GET /info');
  expect(await failed).toEqual([new Error('No such container: shop-eu-manager-1')]);
});
