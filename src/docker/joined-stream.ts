import { Duplex, type Readable, type Writable } from 'node:stream';

/** The two directions of a connection, which may be two streams. */
export interface Connection {
  readable: Readable;
  writable: Writable;
  destroy(): void;
  /** Called when it ends without that anything was received. */
  onSilentEnd?(): void;
  /** What an error of it means. */
  explain?(error: Error): Error;
}

/** A stream whose two directions are one. */
export function connectionOf(stream: Duplex): Connection {
  return { readable: stream, writable: stream, destroy: () => stream.destroy() };
}

/**
 * Presents a connection that is still to be opened as a stream, which may be half closed. Nothing of what is written
 * to it leaves before the connection has been opened.
 */
export function joinedStream(open: () => Promise<Connection>): Duplex {
  let inner: Connection | undefined;
  let isSilent = true;
  const stream: Duplex = new Duplex({
    allowHalfOpen: true,
    construct: (done) =>
      void open()
        .then(join)
        .then(() => done(), done),
    read: () => void inner?.readable.resume(),
    write: (chunk, _encoding, done) => void inner?.writable.write(chunk, done),
    final: (done) => void inner?.writable.end(done),
    destroy: (error, done) => {
      if (isSilent) inner?.onSilentEnd?.();
      inner?.destroy();
      done(error);
    },
  });

  function join(opened: Connection): void {
    inner = opened;
    const { readable, writable } = opened;
    readable.on('data', (chunk: Buffer) => {
      isSilent = false;
      if (!stream.push(chunk)) readable.pause();
    });
    readable.on('end', () => stream.push(null));
    readable.on('close', () => {
      if (!readable.readableEnded) stream.destroy();
    });
    for (const half of new Set([readable, writable])) {
      half.on('error', (error) => stream.destroy(opened.explain?.(error) ?? error));
    }
  }

  return stream;
}
