import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { execa } from 'execa';

/** What `docker stack deploy` asked an engine to create, in the order of its requests. */
export interface RecordedDeploy {
  networks: unknown[];
  configs: unknown[];
  secrets: unknown[];
  services: unknown[];
}

interface Created {
  ID: string;
  Spec: unknown;
}

/**
 * Runs the real `docker stack deploy` against a socket that answers as an empty swarm and writes down what it is
 * asked to create: the measure for what swarmctl sends.
 * @param folder where the socket may stand
 */
export async function recordStackDeploy(
  files: readonly string[],
  options: { stack: string; folder: string; env?: Record<string, string> },
): Promise<RecordedDeploy> {
  const recorded: RecordedDeploy = { networks: [], configs: [], secrets: [], services: [] };
  const socket = join(options.folder, 'engine.sock');
  const server = createServer((request, response) => void answer(request, response, recorded));
  server.listen(socket);
  await once(server, 'listening');
  try {
    const composeFiles = files.flatMap((file) => ['-c', file]);
    const deploy = ['stack', 'deploy', '--resolve-image', 'never', ...composeFiles, options.stack];
    await execa('docker', ['--host', `unix://${socket}`, ...deploy], {
      env: options.env ?? {},
      stdin: 'ignore',
    });
  } finally {
    server.close();
  }
  return recorded;
}

async function answer(request: IncomingMessage, response: ServerResponse, recorded: RecordedDeploy) {
  const path = (request.url ?? '').replace(/^\/v[\d.]+/, '').replace(/\?.*$/, '');
  const { status, body } =
    request.method === 'POST' ? created(path, await json(request), recorded) : read(path, recorded);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Api-Version': '1.45' });
  response.end(JSON.stringify(body));
}

function created(path: string, spec: unknown, recorded: RecordedDeploy): { status: number; body: unknown } {
  const kind = kindOf(path);
  if (!kind) return { status: 500, body: { message: `unexpected ${path}` } };
  recorded[kind].push(spec);
  const id = `${kind}-${recorded[kind].length}`;
  return { status: 201, body: { ID: id, Id: id } };
}

function read(path: string, recorded: RecordedDeploy): { status: number; body: unknown } {
  if (path === '/_ping') return { status: 200, body: 'OK' };
  if (path === '/info') {
    return { status: 200, body: { Swarm: { ControlAvailable: true, LocalNodeState: 'active' } } };
  }
  if (path === '/secrets' || path === '/configs') {
    return { status: 200, body: objects(recorded[path.slice(1) as 'secrets' | 'configs']) };
  }
  if (path === '/networks' || path === '/services') return { status: 200, body: [] };
  if (path.startsWith('/networks/')) return { status: 200, body: { Name: path.slice(10), Scope: 'swarm' } };
  return { status: 404, body: { message: 'not found' } };
}

function objects(specs: unknown[]): Created[] {
  return specs.map((Spec, index) => ({ ID: `object-${index + 1}`, Spec }));
}

function kindOf(path: string): keyof RecordedDeploy | undefined {
  const kinds = ['networks', 'configs', 'secrets', 'services'] as const;
  return kinds.find((kind) => path === `/${kind}/create`);
}
