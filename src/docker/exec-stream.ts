import { Duplex } from 'node:stream';
import type Dockerode from 'dockerode';
import { type Frame, takeFrame } from './frames.ts';

/**
 * Opens one connection to the engine inside a container: `docker system dial-stdio`, run by exec, joins the
 * stream to the engine's own socket. The result reads and writes like a socket and may be half closed.
 * @param outer the engine that runs the container.
 * @throws the outer engine's error when the container is missing or stopped.
 */
export async function dialThroughExec(outer: Dockerode, container: string): Promise<Duplex> {
  const exec = await outer.getContainer(container).exec({
    Cmd: ['docker', 'system', 'dial-stdio'],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  return demultiplex(await exec.start({ hijack: true, stdin: true }));
}

/** Presents the multiplexed stream of an exec as the plain stream of its stdin and stdout. */
export function demultiplex(raw: Duplex): Duplex {
  let buffered: Buffer = Buffer.alloc(0);
  let complaints = '';
  const stream = new Duplex({
    allowHalfOpen: true,
    read: () => void raw.resume(),
    write: (chunk, _encoding, done) => void raw.write(chunk, done),
    final: (done) => void raw.end(done),
    destroy: (error, done) => {
      raw.destroy();
      done(error);
    },
  });

  const pass = ({ stream: from, payload }: Frame) => {
    if (from === 'stderr') complaints += payload.toString();
    else if (!stream.push(payload)) raw.pause();
  };

  raw.on('data', (chunk: Buffer) => {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    for (let taken = takeFrame(buffered); taken; taken = takeFrame(buffered)) {
      buffered = taken.rest;
      pass(taken.frame);
    }
  });
  raw.on('end', () => {
    if (complaints) stream.destroy(new Error(complaints.trim()));
    else stream.push(null);
  });
  raw.on('error', (error) => stream.destroy(error));
  return stream;
}
