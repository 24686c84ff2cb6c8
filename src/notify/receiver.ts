import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  /** When it came, in milliseconds of `performance.now`. */
  atMs: number;
}

/** What the server does with one request; the default is to take it. */
export type Behaviour = (response: ServerResponse) => void;

/** An address that is a secret in all of its parts, and what was posted to it. */
export interface Receiver {
  url: URL;
  received: Received[];
}

export const takes: Behaviour = (response) => void response.end('ok');
export const answers =
  (status: number, headers: Record<string, string> = {}, body = ''): Behaviour =>
  (response) =>
    void response.writeHead(status, headers).end(body);
export const hangs: Behaviour = () => {};
export const resets: Behaviour = (response) => void response.socket?.destroy();

/**
 * A server for the length of one test.
 * @param behaviours for the first requests; the last one stays.
 */
export async function startReceiver(...behaviours: Behaviour[]): Promise<Receiver> {
  const received: Received[] = [];
  return { url: await listen(createServer(listener)), received };

  async function listener(...[request, response]: Parameters<RequestListener>) {
    const behave = behaviours[Math.min(received.length, behaviours.length - 1)] ?? takes;
    const { headers } = request;
    received.push({ headers, body: await text(request), atMs: performance.now() });
    behave(response);
  }
}

/** The address of a server that ends with the test, with a path that must not be told to anybody. */
export async function listen(server: ReturnType<typeof createServer>, scheme = 'http'): Promise<URL> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const path = createHash('sha256').update(String(performance.now())).digest('hex');
  return new URL(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/services/${path}`);
}
