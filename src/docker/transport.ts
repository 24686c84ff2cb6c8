import { Agent, type AgentOptions } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import Dockerode, { type DockerOptions } from 'dockerode';
import { type Endpoint, outerEndpoint, parseEndpoint } from './endpoint.ts';
import { dialThroughExec } from './exec-stream.ts';

/** A way to an engine. This is all that a new kind of endpoint has to bring. */
interface Dialer {
  /** Streams at the same time; more questions than that wait for their turn. */
  streams: number;
  /** A stream to the engine, which may still be connecting. */
  dial(): Duplex;
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
  const agent = new DialAgent(dialer.dial, { keepAlive: true, maxSockets: dialer.streams });
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
      return { streams: 8, dial: () => connect({ path: endpoint.path }), close: () => {} };
    case 'exec': {
      const outer = openTransport(outerEndpoint());
      const dial = () => dialThroughExec(outer.api, endpoint.container);
      // Each stream is a process in the node: two answer a hundred questions sooner than eight would.
      return { streams: 2, dial, close: outer.close };
    }
  }
}

/** An HTTP agent whose connections are dialled. */
class DialAgent extends Agent {
  readonly #dial: Dialer['dial'];

  constructor(dial: Dialer['dial'], options: AgentOptions) {
    super(options);
    this.#dial = dial;
  }

  /** At once, so that the agent counts the stream while it still connects. */
  override createConnection(): Duplex {
    return asSocket(this.#dial());
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
