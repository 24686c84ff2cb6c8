import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

/** An HTTP answer: `body` is sent as JSON, a Buffer as it is. */
export interface Answer {
  status: number;
  body: unknown;
}

/** Answers by path, without the query. What has none is answered with 404. */
export type Script = Record<string, (request: IncomingMessage) => Answer | Promise<Answer>>;

export interface ScriptedEngine {
  endpoint: string;
  /** The paths that were asked for, in their order. */
  requests: string[];
  /** How many connections are open to it. */
  connections(): Promise<number>;
  /** Stops listening and breaks all connections. */
  stop(): void;
}

/** A server on a unix socket that answers like a Docker engine, for the length of one test. */
export async function startEngine(script: Script): Promise<ScriptedEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-engine-'));
  const socket = join(folder, 'docker.sock');
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    requests.push(path);
    send(response, (await script[path]?.(request)) ?? refusal(404, `no such thing: ${path}`));
  });
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(async () => {
    stop();
    await rm(folder, { recursive: true });
  });
  await once(server.listen(socket), 'listening');
  const connections = promisify(server.getConnections.bind(server));
  return { endpoint: `unix://${socket}`, requests, connections, stop };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (Buffer.isBuffer(body)) response.writeHead(status).end(body);
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function answer(body: unknown): Answer {
  return { status: 200, body };
}

export function refusal(status: number, message: string): Answer {
  return { status, body: { message } };
}

/** One answer after the other; the last one stays. */
export function inTurn(...answers: [Answer, ...Answer[]]): () => Answer {
  let turn = 0;
  return () => answers[Math.min(turn++, answers.length - 1)] ?? answers[0];
}

/** What a manager says to the question whether it has a quorum. */
export const manager: Script = {
  '/info': () => answer({ Swarm: { LocalNodeState: 'active', ControlAvailable: true } }),
  '/swarm': () => answer({ ID: 'swarm-1' }),
  '/swarm/unlockkey': () => answer({ UnlockKey: '' }),
};

export const noLeader = refusal(500, 'rpc error: code = Unknown desc = The swarm does not have a leader.');
