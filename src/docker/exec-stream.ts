import { Duplex } from 'node:stream';
import type Dockerode from 'dockerode';
import { SwarmctlError } from '../errors.ts';
import { type Frame, takeFrame } from './frames.ts';

/**
 * An engine that is starting is waited for here, up to two seconds: to come back for it would cost a new exec each time,
 * and many nodes start at once.
 */
const dialWhenListening = [
  'tries=40',
  'until [ -S /var/run/docker.sock ] || [ $tries -eq 0 ]; do tries=$((tries - 1)); sleep 0.05; done',
  'exec docker system dial-stdio',
].join('; ');

/**
 * One connection to the engine inside a container: `docker system dial-stdio`, run by exec, joins the stream to the
 * engine's own socket. The result reads and writes like a socket that is connecting, and may be half closed; it ends
 * with `unreachable` when the container is missing or stopped.
 * @param outer the engine that runs the container.
 */
export function dialThroughExec(outer: Dockerode, container: string): Duplex {
  return demultiplex(() =>
    startExec(outer, container).catch((error: Error) => {
      throw unreachable(container, error);
    }),
  );
}

async function startExec(outer: Dockerode, container: string): Promise<Duplex> {
  const exec = await outer.getContainer(container).exec({
    Cmd: ['sh', '-c', dialWhenListening],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  return exec.start({ hijack: true, stdin: true });
}

/** The outer engine's 404 for a container must never be taken for the 404 of something in the swarm. */
function unreachable(container: string, cause: Error): SwarmctlError {
  const message = `The local node ${container} cannot be reached: ${cause.message.trim()}`;
  return new SwarmctlError('unreachable', message, { cause });
}

/** Presents the multiplexed stream of an exec as the plain stream of its stdin and stdout. */
export function demultiplex(open: () => Promise<Duplex>): Duplex {
  let raw: Duplex;
  let buffered: Buffer = Buffer.alloc(0);
  let complaints = '';
  const stream = new Duplex({
    allowHalfOpen: true,
    construct: (done) =>
      void open()
        .then(receive)
        .then(() => done(), done),
    read: () => void raw.resume(),
    write: (chunk, _encoding, done) => void raw.write(chunk, done),
    final: (done) => void raw.end(done),
    destroy: (error, done) => {
      raw?.destroy();
      done(error);
    },
  });

  const pass = ({ stream: from, payload }: Frame) => {
    if (from === 'stderr') complaints += payload.toString();
    else if (!stream.push(payload)) raw.pause();
  };

  function receive(opened: Duplex): void {
    raw = opened;
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
  }

  return stream;
}
