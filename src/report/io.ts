import { createStyle, type Style } from './style.ts';
import { symbolsOf } from './symbols.ts';

/** What `createIo` needs of a process; tests give memory streams. */
export interface ProcessStreams {
  stdin: InputStream;
  stdout: OutputStream;
  stderr: OutputStream;
  env: Record<string, string | undefined>;
}

export type InputStream = NodeJS.ReadableStream & { isTTY?: boolean | undefined };
export type OutputStream = NodeJS.WritableStream & {
  isTTY?: boolean | undefined;
  columns?: number | undefined;
  rows?: number | undefined;
};

/** The way to the reader: results go to stdout; progress, notes and prompts to stderr. */
export interface Io {
  stdin: InputStream;
  stdout: OutputStream;
  stderr: OutputStream;
  /** Lines on stderr may be redrawn in place. */
  isTerminal: boolean;
  /** Somebody sits at stdin and can answer. */
  canAsk: boolean;
  /** Colours and width of what goes to stdout. */
  outStyle: Style;
  /** Colours and width of what goes to stderr. */
  errStyle: Style;
  /** Why a part of the result did not reach stdout, such as a full disk; a reader that has gone is no reason. */
  lostResult(): Error | undefined;
}

/** The streams of a process with what its terminal and environment allow (NO_COLOR, FORCE_COLOR, TERM, CI). */
export function createIo({ stdin, stdout, stderr, env }: ProcessStreams): Io {
  let lost: Error | undefined;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!isGoneReader(error)) lost = error;
  });
  // Progress that nobody can be shown must not end a run half-way.
  stderr.on('error', () => {});
  return {
    stdin,
    stdout,
    stderr,
    isTerminal: canRedraw(stderr, env),
    canAsk: stdin.isTTY === true && stderr.isTTY === true,
    outStyle: styleOf(stdout, env),
    errStyle: styleOf(stderr, env),
    lostResult: () => lost,
  };
}

/** A reader that has seen enough (`| head -1`), or a terminal that was closed. */
function isGoneReader({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'EIO';
}

function canRedraw(stream: OutputStream, env: ProcessStreams['env']): boolean {
  // A pseudo-terminal without a size says 0 columns; nothing can be placed on that.
  const hasSize = (stream.columns ?? 0) > 0;
  const isRobot = env.CI !== undefined && env.CI !== '' && env.CI !== 'false';
  return stream.isTTY === true && hasSize && env.TERM !== 'dumb' && !env.NO_COLOR && !isRobot;
}

function styleOf(stream: OutputStream, env: ProcessStreams['env']): Style {
  const { chalk } = createStyle(hasColor(stream, env));
  return {
    chalk,
    symbols: symbolsOf(env),
    // Read anew each time: the window may be resized in the middle of a run.
    get width() {
      return stream.isTTY === true ? stream.columns || 80 : Number.POSITIVE_INFINITY;
    },
  };
}

function hasColor(stream: OutputStream, env: ProcessStreams['env']): boolean {
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return stream.isTTY === true && env.TERM !== 'dumb' && !env.NO_COLOR;
}
