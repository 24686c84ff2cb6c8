import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outerEndpoint, parseEndpoint } from '../src/docker/endpoint.ts';

/** A socket in front of this machine's engine. */
export interface EngineProxy {
  /** For `DOCKER_HOST`. */
  url: string;
  /** Settles when the engine has done what was asked for in a request like the one looked for; its answer is held back. */
  done: Promise<void>;
  /** Lets the answer pass. */
  release(): void;
  close(): Promise<void>;
}

/**
 * Passes everything on to the engine and holds back its answer to one request: whoever asked has had it done and does
 * not know.
 * @param request such as `/POST \S*\/containers\/create/`; also found in the streams to local nodes.
 */
export async function holdAnswerTo(request: RegExp): Promise<EngineProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-proxy-'));
  const path = join(folder, 'docker.sock');
  const sockets = new Set<Socket>();
  let tell = () => {};
  let release = () => {};
  const done = new Promise<void>((resolve) => {
    tell = resolve;
  });
  let isHeld = false;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const engine = connect({ path: enginePath(), allowHalfOpen: true });
    for (const socket of [client, engine]) sockets.add(socket.on('error', () => client.destroy()));
    client.on('data', (chunk) => {
      if (isHeld || !request.test(chunk.toString('latin1'))) return;
      isHeld = true;
      engine.unpipe(client);
      engine.once('data', (answer) => {
        engine.pause();
        engine.unshift(answer);
        release = () => engine.pipe(client);
        tell();
      });
      engine.resume();
    });
    client.pipe(engine);
    engine.pipe(client);
  });
  await once(server.listen(path), 'listening');
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await rm(folder, { recursive: true });
  };
  return { url: `unix://${path}`, done, release: () => release(), close };
}

function enginePath(): string {
  const endpoint = parseEndpoint(outerEndpoint());
  if (endpoint.kind !== 'unix') throw new Error('These tests need an engine behind a socket.');
  return endpoint.path;
}
