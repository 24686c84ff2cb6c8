import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

/**
 * The files of the end-to-end tests run in two lanes, each one file at a time: those that share the lab, and those that
 * make fleets of their own. Every file has a worker from the start and waits there for its turn.
 */
export type Lane = 'lab' | 'own';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The sockets on which turns are given. */
    lanes: Record<Lane, string>;
  }
}

/** Gives turns for the length of the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-lanes-'));
  const lanes: Record<Lane, string> = { lab: join(folder, 'lab.sock'), own: join(folder, 'own.sock') };
  const servers = await Promise.all(Object.values(lanes).map(giveTurns));
  project.provide('lanes', lanes);
  return async () => {
    for (const server of servers) server.close();
    await rm(folder, { recursive: true });
  };
}

/**
 * A turn lasts as long as the connection: that of a worker that dies ends too. Who came last is next: it is a file of
 * the other lane, which stands still until then.
 */
async function giveTurns(path: string) {
  const waiting: Socket[] = [];
  let current: Socket | undefined;
  const next = () => {
    if (current) return;
    current = waiting.pop();
    current?.write('your turn');
  };
  const server = createServer((socket) => {
    socket.resume().on('error', () => socket.destroy());
    socket.on('close', () => {
      if (socket === current) current = undefined;
      else waiting.splice(waiting.indexOf(socket), 1);
      next();
    });
    waiting.push(socket);
    next();
  });
  server.listen(path);
  await once(server, 'listening');
  return server;
}

/** Waits for a turn. @returns what ends it. */
export async function takeTurn(path: string): Promise<() => void> {
  const socket = connect({ path });
  await once(socket, 'data');
  return () => void socket.destroy();
}
