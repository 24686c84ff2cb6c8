import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Engine } from '../docker/engine.ts';
import { type Frame, splitFrames } from '../docker/frames.ts';

export interface Output {
  stdout: string;
  stderr: string;
}

/**
 * Runs a command in a running container and waits for its end.
 * @param deadlineMs milliseconds.
 * @throws SwarmctlError as {@link Engine.ask}: `not-found` or `conflict` when the container is gone or stopped.
 */
export async function runInContainer(
  engine: Engine,
  container: string,
  command: readonly string[],
  deadlineMs: number,
): Promise<Output> {
  const run = await engine.ask(
    `running ${command[0]} in container ${container}`,
    async (api) => {
      const options = { Cmd: [...command], AttachStdout: true, AttachStderr: true };
      const exec = await api.getContainer(container).exec(options);
      return buffer((await exec.start({})) as Readable);
    },
    deadlineMs,
  );
  return splitOutput(run);
}

/** Separates what a command wrote to stdout and stderr. */
export function splitOutput(output: Buffer): Output {
  const frames = splitFrames(output);
  const textOf = (stream: Frame['stream']) =>
    Buffer.concat(frames.filter((frame) => frame.stream === stream).map(({ payload }) => payload)).toString();
  return { stdout: textOf('stdout'), stderr: textOf('stderr') };
}
