import { Agent, type AgentOptions, type ClientRequest } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import Dockerode, { type DockerOptions } from 'dockerode';
import { resolveContext } from './docker-context.ts';
import { type Endpoint, outerEndpoint, parseEndpoint, type SshTarget } from './endpoint.ts';
import { dialThroughExec } from './exec-stream.ts';
import { connectionOf, joinedStream } from './joined-stream.ts';
import { sshConnection } from './ssh/connection.ts';
import { dialDocker } from './ssh/docker-way.ts';
import { dialTls } from './tls.ts';

/** A way to an engine. This is all that a new kind of endpoint has to bring. */
interface Dialer {
  /** Streams at the same time; more questions than that wait for their turn. */
  streams: number;
  /** A stream to the engine, which may still be connecting. */
  dial(): Duplex;
  /** Ends what is still being dialled. */
  close(): void;
  /** Whether an idle stream may be kept; not where streams are few for all engines together, and another one waits. */
  mayKeep?(): boolean;
}

/** An HTTP client of an engine. */
interface Transport {
  api: Dockerode;
  /** Ends all connections; nothing of them keeps the process alive. */
  close(): void;
}

/** The HTTP client of the engine at `url`. */
export function openTransport(url: string): Transport {
  const dialer = dialerOf(parseEndpoint(url), () => agent.dropIdle());
  const agent = new DialAgent(dialer, { keepAlive: true, maxSockets: dialer.streams });
  // Host and port only fill the Host header: the agent makes the connections. @types/dockerode lacks `agent`.
  const options: DockerOptions & { agent: Agent } = { protocol: 'http', host: 'docker', port: 80, agent };
  const close = () => {
    agent.destroy();
    dialer.close();
  };
  return { api: new Dockerode(options), close };
}

const manyStreams = 8;

/** @param dropIdle what is called when idle streams are wanted for others. */
function dialerOf(endpoint: Endpoint, dropIdle: () => void): Dialer {
  const plain = (dial: Dialer['dial']): Dialer => ({ streams: manyStreams, dial, close: () => {} });
  switch (endpoint.kind) {
    case 'unix':
      return plain(() => connect({ path: endpoint.path }));
    case 'tcp':
      return plain(() => joinedStream(() => dialTls(endpoint)));
    case 'exec':
      return execDialer(endpoint.container);
    case 'ssh':
      return sshDialer(endpoint, dropIdle);
    case 'context':
      return contextDialer(endpoint.name, dropIdle);
  }
}

function execDialer(container: string): Dialer {
  const outer = openTransport(outerEndpoint());
  const dial = () => dialThroughExec(outer.api, container);
  // Each stream is a process in the node: two answer a hundred questions sooner than eight would.
  return { streams: 2, dial, close: outer.close };
}

function sshDialer(target: SshTarget, dropIdle: () => void): Dialer {
  const connection = sshConnection(target);
  const dial = dialDocker(connection);
  const closed = new AbortController();
  const forget = connection.places.onShort(dropIdle);
  const close = () => {
    forget();
    closed.abort();
  };
  return {
    streams: manyStreams,
    dial: () => dial(closed.signal),
    close,
    mayKeep: () => !connection.places.isShort(),
  };
}

/** What the context stands for is asked once, with the first stream. */
function contextDialer(name: string, dropIdle: () => void): Dialer {
  let resolved: Promise<Dialer> | undefined;
  let meant: Dialer | undefined;
  const open = async () => {
    resolved ??= resolveContext(name).then((endpoint) => dialerOf(endpoint, dropIdle));
    meant = await resolved;
    return connectionOf(meant.dial());
  };
  return {
    streams: manyStreams,
    dial: () => joinedStream(open),
    close: () => meant?.close(),
    mayKeep: () => meant?.mayKeep?.() ?? true,
  };
}

/** An HTTP agent whose connections are dialled. */
class DialAgent extends Agent {
  readonly #dialer: Dialer;

  constructor(dialer: Dialer, options: AgentOptions) {
    super(options);
    this.#dialer = dialer;
  }

  /** At once, so that the agent counts the stream while it still connects. */
  override createConnection(): Duplex {
    return asSocket(this.#dialer.dial());
  }

  /** Called for each stream that has become idle; what it returns is whether it is kept, which @types/node lacks. */
  override keepSocketAlive(socket: Duplex): boolean {
    // An engine that ends an idle stream half closes it.
    socket.once('end', destroyed);
    const keeps = super.keepSocketAlive(socket) as unknown as boolean;
    return keeps && (this.#dialer.mayKeep?.() ?? true);
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    socket.off('end', destroyed);
    super.reuseSocket(socket, request);
  }

  /** docker-modem formats its options with each request, for a log that nobody reads; all of the agent hangs on them. */
  [inspect.custom](): string {
    return 'DialAgent';
  }

  dropIdle(): void {
    for (const socket of Object.values(this.freeSockets).flat()) socket?.destroy();
  }
}

function destroyed(this: Duplex): void {
  this.destroy();
}

/** Gives a plain stream the socket methods that node:http calls. */
function asSocket(stream: Duplex): Duplex {
  const self = () => stream;
  const methods = { setTimeout: self, setNoDelay: self, setKeepAlive: self, ref: self, unref: self };
  for (const [name, method] of Object.entries(methods))
    if (!(name in stream)) Object.assign(stream, { [name]: method });
  return stream;
}
