import { PassThrough, Writable } from 'node:stream';
import { createIo, type Io } from './io.ts';

/** An Io on memory for tests, with everything that was written. */
export interface MemoryIo extends Io {
  stdin: PassThrough & { isTTY?: boolean };
  outText: () => string;
  errText: () => string;
}

/** @param terminal its columns and rows; absent for pipes */
export function createMemoryIo(
  terminal?: { columns: number; rows: number },
  env: Record<string, string> = {},
): MemoryIo {
  const stdin = Object.assign(new PassThrough(), { isTTY: terminal !== undefined });
  const stdout = createSink(terminal);
  const stderr = createSink(terminal);
  return { ...createIo({ stdin, stdout, stderr, env }), stdin, outText: stdout.text, errText: stderr.text };
}

/** A stream that keeps what it gets; as a terminal it also takes the cursor movements that ora makes. */
function createSink(terminal?: { columns: number; rows: number }) {
  const chunks: string[] = [];
  const sink = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return Object.assign(sink, {
    text: () => chunks.join(''),
    ...(terminal && {
      ...terminal,
      isTTY: true,
      cursorTo: (column: number) => sink.write(`\u001b[${column + 1}G`),
      moveCursor: (_columns: number, rows: number) => sink.write(`\u001b[${-rows}A`),
      clearLine: () => sink.write('\u001b[K'),
    }),
  });
}
