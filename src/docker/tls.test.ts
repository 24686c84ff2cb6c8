import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { tcpEndpoint } from './endpoint.ts';
import { openEngine } from './engine.ts';
import { type Authority, makeAuthority } from './made-certificates.ts';

const names = 'IP:127.0.0.1,IP:::1';
let folder: string;
let authority: Authority;
let client: string;
let server: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-tls-'));
  authority = await makeAuthority(join(folder, 'authority'));
  client = await authority.issue(join(folder, 'client'));
  server = await authority.issue(join(folder, 'server'), names);
});

afterAll(() => rm(folder, { recursive: true }));

/** An engine that listens on TCP as with `--tlsverify`, and the paths that it was asked for. */
async function startTlsEngine(certificates: string, host = '127.0.0.1') {
  const read = (name: string) => readFile(join(certificates, name));
  const requests: string[] = [];
  const [ca, cert, key] = await Promise.all([readFile(authority.ca), read('cert.pem'), read('key.pem')]);
  const engine = createServer(
    { ca, cert, key, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      requests.push(request.url ?? '');
      response.end('OK');
    },
  );
  return { port: await listen(engine, host), requests, engine };
}

async function listen(server: Server & { closeAllConnections(): void }, host: string): Promise<number> {
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, host), 'listening');
  return (server.address() as AddressInfo).port;
}

async function ping(port: number, certificates = client, host = '127.0.0.1'): Promise<string> {
  const engine = openEngine(tcpEndpoint({ host, port, certificates }));
  onTestFinished(() => engine.close());
  return String(await engine.ask('asking whether it is there', (api) => api.ping()));
}

test.each(['127.0.0.1', '::1'])('an engine at %s that has a certificate for it', async (host) => {
  const { port } = await startTlsEngine(server, host);
  expect(await ping(port, client, host)).toBe('OK');
});

test('a stream that the engine ends while it is idle is not used again', async () => {
  const { port, engine: listening } = await startTlsEngine(server);
  const connected = once(listening, 'secureConnection') as Promise<[TLSSocket]>;
  const engine = openEngine(tcpEndpoint({ host: '127.0.0.1', port, certificates: client }));
  onTestFinished(() => engine.close());
  const ask = () => engine.ask('asking whether it is there', (api) => api.ping());
  await ask();
  const [socket] = await connected;
  // Closes only when the other side has closed it, too.
  const closed = once(socket, 'close');
  socket.end();
  await closed;
  expect(String(await ask())).toBe('OK');
});

test.each<[string, () => Promise<string>, RegExp]>([
  ['has expired', () => authority.issue(join(folder, 'expired'), names, 'expired'), /has expired\.$/],
  ['is not valid yet', () => authority.issue(join(folder, 'future'), names, 'future'), /is not valid yet\.$/],
  [
    'is for another name',
    () => authority.issue(join(folder, 'other'), 'DNS:other'),
    /is for another name\.$/,
  ],
  [
    'is from another authority',
    async () => (await makeAuthority(join(folder, 'stranger'))).issue(join(folder, 'strange'), names),
    /is not from the authority in ca\.pem\.$/,
  ],
])('a certificate that %s is refused, and nothing is sent', async (_, issue, message) => {
  const { port, requests } = await startTlsEngine(await issue());
  await expect(ping(port)).rejects.toMatchObject({
    code: 'certificate',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/^Nothing was sent/),
  });
  expect(requests).toEqual([]);
});

test('NODE_TLS_REJECT_UNAUTHORIZED changes nothing', async () => {
  const { port } = await startTlsEngine(await authority.issue(join(folder, 'elsewhere'), 'DNS:elsewhere'));
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  onTestFinished(() => {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  });
  await expect(ping(port)).rejects.toMatchObject({ code: 'certificate' });
});

test('a client certificate that has expired is told before anything is tried', async () => {
  const expired = await authority.issue(join(folder, 'old-client'), undefined, 'expired');
  await expect(ping(1, expired)).rejects.toMatchObject({
    code: 'certificate',
    message: `The client certificate ${join(expired, 'cert.pem')} expired on 2021-01-01.`,
  });
});

test('an engine without TLS is not used', async () => {
  const requests: string[] = [];
  const port = await listen(
    createHttpServer((request) => void requests.push(request.url ?? '')),
    '127.0.0.1',
  );
  await expect(ping(port)).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('speaks no TLS'),
  });
  expect(requests).toEqual([]);
});

test('files that are missing or no certificates are named', async () => {
  const broken = await authority.issue(join(folder, 'broken'));
  await writeFile(join(broken, 'cert.pem'), 'nothing');
  await expect(ping(1, broken)).rejects.toMatchObject({
    code: 'config',
    message: `${join(broken, 'cert.pem')} holds no certificate.`,
  });
  await rm(join(broken, 'key.pem'));
  await expect(ping(1, broken)).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining(join(broken, 'key.pem')),
  });
});

test('a key that is of another certificate is told', async () => {
  const mixed = await authority.issue(join(folder, 'mixed'));
  await copyFile(join(client, 'key.pem'), join(mixed, 'key.pem'));
  await expect(ping(1, mixed)).rejects.toMatchObject({
    code: 'config',
    hint: expect.stringContaining('key.pem'),
  });
});
