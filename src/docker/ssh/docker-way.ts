import type { Duplex } from 'node:stream';
import { SwarmctlError } from '../../errors.ts';
import { sshEndpoint } from '../endpoint.ts';
import { type Connection, connectionOf, joinedStream } from '../joined-stream.ts';
import type { SshConnection } from './connection.ts';
import { whyNoDocker } from './no-docker.ts';
import type { Session } from './session.ts';

/** The ways from a machine's sshd to its engine, in the order in which they are tried. */
const ways = ['forwarded', 'client', 'client-as-root'] as const;
type Way = (typeof ways)[number];

const socket = '/var/run/docker.sock';
const pingDeadlineMs = 10_000;

/** Opens a stream to the engine of a machine. */
type Dial = (signal: AbortSignal) => Duplex;

const dials = new WeakMap<SshConnection, Dial>();

/** What all engines of a machine share: the way that has been found to be open. */
export function dialDocker(connection: SshConnection): Dial {
  const known = dials.get(connection) ?? makeDial(connection);
  dials.set(connection, known);
  return known;
}

function makeDial(connection: SshConnection): Dial {
  let way: Promise<Way> | undefined;
  const open = async (signal: AbortSignal) => {
    way ??= findWay(connection);
    const tried = way;
    // One that is closed at once is not the way any more.
    const forget = () => {
      if (way === tried) way = undefined;
    };
    try {
      const opened = await openBy[await tried](connection, signal);
      return { ...opened, onSilentEnd: forget };
    } catch (error) {
      forget();
      throw error;
    }
  };
  return (signal) => joinedStream(() => open(signal));
}

const client = `docker --host unix://${socket} system dial-stdio`;

const openBy: Record<Way, (connection: SshConnection, signal: AbortSignal) => Promise<Connection>> = {
  forwarded: async (connection) => connectionOf(await connection.forward(socket)),
  client: async (connection, signal) => sessionConnection(await connection.start(`exec ${client}`, signal)),
  'client-as-root': async (connection, signal) =>
    sessionConnection(await connection.start(`exec sudo -n -- ${client}`, signal)),
};

function sessionConnection(session: Session): Connection {
  const destroy = () => {
    session.stdin.destroy();
    session.stdout.destroy();
    session.kill();
  };
  return { readable: session.stdout, writable: session.stdin, destroy };
}

/** The first way over which an engine answers. Nobody who waits for it can interrupt it: others may wait too. */
async function findWay(connection: SshConnection): Promise<Way> {
  const { signal } = new AbortController();
  for (const way of ways) {
    const opened = await openBy[way](connection, signal);
    const says = await ping(opened).finally(opened.destroy);
    if (says === 'pong') return way;
    if (says === 'nothing') {
      throw new SwarmctlError(
        'unreachable',
        `The engine at ${sshEndpoint(connection.target)} does not answer.`,
        {
          hint: 'Look at its log on the machine: `journalctl -u docker`.',
        },
      );
    }
  }
  throw await whyNoDocker(connection, socket);
}

/** Asks whether an engine is at the other end; `closed` when there is none. */
function ping({ readable, writable }: Connection): Promise<'pong' | 'closed' | 'nothing'> {
  return new Promise((resolve) => {
    const expiry = setTimeout(() => resolve('nothing'), pingDeadlineMs).unref();
    const settle = (says: 'pong' | 'closed') => {
      clearTimeout(expiry);
      resolve(says);
    };
    readable.once('data', () => settle('pong'));
    for (const event of ['end', 'close']) readable.once(event, () => settle('closed'));
    for (const half of [readable, writable]) half.on('error', () => settle('closed'));
    writable.write('GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n');
  });
}
