import { Agent, type AgentOptions } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import Dockerode, { type DockerOptions } from 'dockerode';
import { SwarmctlError } from '../errors.ts';
import { type Endpoint, outerEndpoint, parseEndpoint } from './endpoint.ts';
import { dialThroughExec } from './exec-stream.ts';

/** A way to an engine. This is all that a new kind of endpoint has to bring. */
interface Dialer {
  /** Opens one stream to the engine. */
  dial(): Promise<Duplex>;
  /** Ends what is still being dialled. */
  close(): void;
}

/** An HTTP client of an engine. */
interface Transport {
  api: Dockerode;
  /** Ends all connections; nothing of them keeps the process alive. */
  close(): void;
}

/** The HTTP client of the engine at `url`. */
export function openTransport(url: string): Transport {
  const dialer = dialerOf(parseEndpoint(url));
  const agent = new DialAgent(dialer.dial, { keepAlive: true, maxSockets: 8 });
  // Host and port only fill the Host header: the agent makes the connections. @types/dockerode lacks `agent`.
  const options: DockerOptions & { agent: Agent } = { protocol: 'http', host: 'docker', port: 80, agent };
  const close = () => {
    agent.destroy();
    dialer.close();
  };
  return { api: new Dockerode(options), close };
}

function dialerOf(endpoint: Endpoint): Dialer {
  switch (endpoint.kind) {
    case 'unix':
      return { dial: () => dialUnix(endpoint.path), close: () => {} };
    case 'exec': {
      const outer = openTransport(outerEndpoint());
      const dial = () =>
        dialThroughExec(outer.api, endpoint.container).catch(asUnreachable(endpoint.container));
      return { dial, close: outer.close };
    }
  }
}

/** The outer engine's 404 for a container must never be taken for the 404 of something in the swarm. */
function asUnreachable(container: string): (error: Error) => never {
  return (error) => {
    throw new SwarmctlError(
      'unreachable',
      `The local node ${container} cannot be reached: ${error.message.trim()}`,
      {
        cause: error,
      },
    );
  };
}

function dialUnix(path: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path }, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** An HTTP agent whose connections are dialled. */
class DialAgent extends Agent {
  readonly #dial: Dialer['dial'];
  #isDestroyed = false;

  constructor(dial: Dialer['dial'], options: AgentOptions) {
    super(options);
    this.#dial = dial;
  }

  override createConnection(
    _options: unknown,
    done: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.#dial().then(
      (stream) => {
        // A connection that comes too late would keep the process alive.
        if (this.#isDestroyed) stream.destroy();
        done(null, asSocket(stream));
      },
      (error: Error) => done(error, undefined as unknown as Duplex),
    );
  }

  override destroy(): void {
    this.#isDestroyed = true;
    super.destroy();
  }
}

/** Gives a plain stream the socket methods that node:http calls. */
function asSocket(stream: Duplex): Duplex {
  const self = () => stream;
  const methods = { setTimeout: self, setNoDelay: self, setKeepAlive: self, ref: self, unref: self };
  for (const [name, method] of Object.entries(methods))
    if (!(name in stream)) Object.assign(stream, { [name]: method });
  return stream;
}
