import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outerEndpoint } from '../../src/docker/endpoint.ts';
import { dialThroughExec } from '../../src/docker/exec-stream.ts';
import { openTransport } from '../../src/docker/transport.ts';

/**
 * Gives the engines of local nodes a socket each, for tools that can reach an engine in no other way.
 * @param nodes names of their containers.
 * @param work is given the addresses, as `unix:///path`, in the order of the nodes.
 */
export async function withNodeSockets<T>(
  nodes: readonly string[],
  work: (hosts: string[]) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-perf-'));
  const outer = openTransport(outerEndpoint());
  const servers: Server[] = [];
  try {
    for (const node of nodes) {
      const server = createServer({ allowHalfOpen: true }, (client) => {
        const engine = dialThroughExec(outer.api, node);
        const end = () => {
          client.destroy();
          engine.destroy();
        };
        client.on('error', end).on('close', end).pipe(engine);
        engine.on('error', end).on('close', end).pipe(client);
      });
      servers.push(server.listen(join(folder, node)));
      await once(server, 'listening');
    }
    return await work(nodes.map((node) => `unix://${join(folder, node)}`));
  } finally {
    for (const server of servers) server.close();
    outer.close();
    await rm(folder, { recursive: true, force: true });
  }
}
