import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { SwarmctlError } from '../../errors.ts';
import type { Output, RunningCommand } from '../exec.ts';
import type { Session } from './session.ts';

/** What ssh ends with when the connection broke; a command may end with it too (ssh(1), EXIT STATUS). */
const lostConnection = 255;

/** A session as the other commands that run somewhere. */
export function runningSession(session: Session, where: string): Omit<RunningCommand, 'resize'> {
  const exited = once(session, 'exit') as Promise<[number | null]>;
  return {
    input: session.stdin,
    output: () => outputOf(session),
    async exitCode() {
      const [code] = await exited;
      if (code !== null && code !== lostConnection) return code;
      throw new SwarmctlError(
        'unreachable',
        `The connection to ${where} was lost; the command may still run.`,
      );
    },
    close: () => session.kill(),
  };
}

function outputOf({ stdout, stderr }: Session): AsyncIterable<Output> {
  const merged = new PassThrough({ objectMode: true });
  const pass = async (stream: Output['stream'], source: Readable) => {
    for await (const data of source) merged.write({ stream, data } satisfies Output);
  };
  Promise.all([pass('stdout', stdout), pass('stderr', stderr)]).then(
    () => merged.end(),
    (error: Error) => merged.destroy(error),
  );
  return merged;
}
