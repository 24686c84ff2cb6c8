import type { Duplex } from 'node:stream';
import { SwarmctlError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { takeFrame } from './frames.ts';

/** Columns and rows of a terminal. */
export interface TerminalSize {
  columns: number;
  rows: number;
}

export interface ExecOptions {
  container: string;
  command: readonly string[];
  /** Its terminal's size; absent for a command that gets no terminal. */
  terminal?: TerminalSize | undefined;
  /** Whether it is given input. */
  input: boolean;
}

/** A command that runs in a container. */
export interface RunningCommand {
  /** What is written to it is the command's input; to be ended where it ends. */
  input: NodeJS.WritableStream;
  /** What it writes, until it ends. It is read no faster than it is taken. */
  output(): AsyncIterable<Output>;
  resize(size: TerminalSize): Promise<void>;
  /** The command's exit code, after it has ended. */
  exitCode(): Promise<number>;
  /** Lets go of it; the engine does not end a command for that. */
  close(): void;
}

export interface Output {
  stream: 'stdout' | 'stderr';
  data: Buffer;
}

/** How long the engine may take to say how a command ended, in milliseconds. */
const endDeadlineMs = 10_000;

/**
 * Starts a command in a running container.
 * @throws SwarmctlError `not-found` or `conflict` when the container is gone or stopped, `docker` when there is no such
 *   command.
 */
export async function startCommand(engine: Engine, options: ExecOptions): Promise<RunningCommand> {
  const { container, command, terminal, input } = options;
  const what = `running ${command[0]} in container ${container.slice(0, 12)}`;
  const exec = await engine.ask(what, (api) =>
    api.getContainer(container).exec({
      Cmd: [...command],
      AttachStdin: input,
      AttachStdout: true,
      AttachStderr: true,
      Tty: terminal !== undefined,
      ...(terminal && { ConsoleSize: [terminal.rows, terminal.columns] }),
    }),
  );
  const stream: Duplex = await engine.ask(what, () =>
    exec.start({ hijack: true, stdin: true, Tty: terminal !== undefined }),
  );
  // What breaks it is seen where its output is read.
  stream.on('error', () => {});
  if (!input) stream.end();
  return {
    input: stream,
    output: () => (terminal ? plainOutput(stream) : framedOutput(stream)),
    resize: newestInTurn(({ columns, rows }) =>
      engine.ask('resizing the terminal', () => exec.resize({ w: columns, h: rows })),
    ),
    async exitCode() {
      const { ExitCode, Running } = await engine.ask(
        `${what}: asking how it ended`,
        () => exec.inspect(),
        endDeadlineMs,
      );
      if (!Running && ExitCode !== null) return ExitCode;
      throw new SwarmctlError('unreachable', `The connection to ${command[0]} was lost; it may still run.`);
    },
    close: () => stream.destroy(),
  };
}

/**
 * Tells sizes one after another, and of those that wait only the newest: the engine takes questions that are under way
 * at once in any order, and a window that is dragged would be left with a size from its way.
 */
export function newestInTurn(
  tell: (size: TerminalSize) => Promise<unknown>,
): (size: TerminalSize) => Promise<void> {
  let newest: TerminalSize | undefined;
  let told: Promise<unknown> = Promise.resolve();
  return async (size) => {
    newest = size;
    const turn = told.then(() => (size === newest ? tell(size) : undefined));
    told = turn.catch(() => {});
    await turn;
  };
}

async function* plainOutput(stream: Duplex): AsyncGenerator<Output> {
  for await (const data of stream) yield { stream: 'stdout', data };
}

async function* framedOutput(stream: Duplex): AsyncGenerator<Output> {
  let buffered: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    for (let taken = takeFrame(buffered); taken; taken = takeFrame(buffered)) {
      buffered = taken.rest;
      const { stream: from, payload } = taken.frame;
      yield { stream: from === 'stderr' ? 'stderr' : 'stdout', data: payload };
    }
  }
}
