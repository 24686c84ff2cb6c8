import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { deliver, type Patience } from './deliver.ts';
import { answers, type Behaviour, hangs, listen, resets, startReceiver, takes } from './receiver.ts';

const fixtures = join(import.meta.dirname, 'fixtures');

/** Enough for a busy machine, where something is to be received after all. */
const patient: Patience = { deadlineMs: 50_000, attemptMs: 20_000, pauseMs: 1 };
/** Its first pause would be too long: one attempt is all. */
const impatient: Patience = { deadlineMs: 30_000, attemptMs: 20_000, pauseMs: 40_000 };

function post(url: URL, patience: Patience, signal = new AbortController().signal) {
  return deliver({ url, headers: { 'x-one': '1' }, body: '{"a":1}' }, patience, signal);
}

/** Delivers to a server with these behaviours, one request after the other. */
async function deliverTo(behaviours: Behaviour[], patience = patient) {
  const { url, received } = await startReceiver(...behaviours);
  return { reason: await post(url, patience), received, url };
}

test('a receiver that takes it gets it once', async () => {
  const { reason, received } = await deliverTo([takes]);
  expect(reason).toBeUndefined();
  expect(received).toMatchObject([
    { body: '{"a":1}', headers: { 'content-type': 'application/json', 'x-one': '1' } },
  ]);
});

test.each<[string, Behaviour]>([
  ['an error of the server', answers(500)],
  ['a gateway without a server', answers(503)],
  ['a connection that breaks', resets],
  ['too many requests', answers(429)],
])('after %s it is posted again, the same', async (_, fault) => {
  const { reason, received } = await deliverTo([fault, fault, takes]);
  expect(reason).toBeUndefined();
  expect(received.map(({ body }) => body)).toEqual(Array(3).fill('{"a":1}'));
});

test('a server that hangs once is asked again', async () => {
  const { reason, received } = await deliverTo([hangs, takes], { ...patient, attemptMs: 1000 });
  expect(reason).toBeUndefined();
  expect(received.length).toBeGreaterThan(1);
});

test.each<[string, Behaviour, string]>([
  ['fails', answers(500), 'it answered 500'],
  ['breaks the connection', resets, 'it broke the connection off'],
  [
    'asks to wait for too long',
    answers(429, { 'retry-after': '120' }),
    'it answered 429, and asks to wait 120 s',
  ],
  ['sends no HTTP', (response) => void response.socket?.end('hello\n'), 'the request failed'],
])(
  'a server that %s is given up when the deadline comes before the next attempt',
  async (_, fault, expected) => {
    expect((await deliverTo([fault], impatient)).reason).toBe(expected);
  },
);

test('a server that hangs is given up at the deadline', async () => {
  const { reason } = await deliverTo([hangs], { deadlineMs: 400, attemptMs: 150, pauseMs: 1 });
  expect(reason).toBe('no answer within 1 s');
});

test('a server that always fails is asked again until the deadline', async () => {
  const { reason, received } = await deliverTo([answers(500)], { ...patient, deadlineMs: 3000 });
  expect(reason).toMatch(/^it answered 500$|^no answer within/);
  expect(received.length).toBeGreaterThan(1);
});

test.each<[string, Behaviour, string]>([
  ['with a word of Slack', answers(404, {}, 'no_service'), 'it answered 404 (no_service)'],
  ['with a page', answers(403, {}, '<h1>Go away</h1>'), 'it answered 403'],
  [
    'by a redirect',
    answers(307, { location: 'http://127.0.0.1:1/elsewhere' }),
    'it answered 307, a redirect, which is not followed',
  ],
])('a server that refuses %s is not asked again', async (_, fault, expected) => {
  const { reason, received } = await deliverTo([fault]);
  expect(reason).toBe(expected);
  expect(received).toHaveLength(1);
});

test.each<[string, () => Record<string, string>]>([
  ['in seconds', () => ({ 'retry-after': '1' })],
  [
    'as a date, by the clock of the receiver',
    () => ({ date: 'Sat, 21 Nov 2020 10:00:00 GMT', 'retry-after': 'Sat, 21 Nov 2020 10:00:01 GMT' }),
  ],
])('Retry-After %s is honoured', async (_, headers) => {
  const { reason, received } = await deliverTo([answers(429, headers()), takes]);
  expect(reason).toBeUndefined();
  const [first = 0, second = 0] = received.map(({ atMs }) => atMs);
  expect(second - first).toBeGreaterThan(990);
});

test('a Retry-After of nothing does not make it ask without a pause', async () => {
  const { received } = await deliverTo([answers(429, { 'retry-after': '0' })], {
    ...patient,
    deadlineMs: 700,
    pauseMs: 100,
  });
  // After 100, 200 and 400 ms there is no time for another pause.
  expect(received.length).toBeLessThanOrEqual(4);
});

test.each([200, 500])('a body without an end is not read to it (status %i)', async (status) => {
  let closed: Promise<unknown> = Promise.resolve();
  const endless: Behaviour = (response) => {
    closed = once(response, 'close');
    response.writeHead(status);
    const pour = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      response.once('drain', pour);
    };
    pour();
  };
  const { reason } = await deliverTo([endless, takes]);
  expect(reason).toBeUndefined();
  await closed;
});

test('a body that trickles does not hold a delivery up', async () => {
  const trickles: Behaviour = (response) => void response.writeHead(200).write('o');
  expect((await deliverTo([trickles])).reason).toBeUndefined();
});

test('an answer that has the address in it is not repeated', async () => {
  const { url } = await startReceiver(answers(400, {}, 'services'));
  expect(await post(url, patient)).toBe('it answered 400');
});

test('a server that is not there', async () => {
  const server = createServer();
  const url = await listen(server);
  await promisify(server.close.bind(server))();
  expect(await post(url, impatient)).toBe('it refuses connections');
});

test('a host that is not there', async () => {
  expect(await post(new URL('http://nowhere.invalid/secret'), impatient)).toMatch(
    /^its host name (is not known|cannot be looked up)$|^no answer within/,
  );
});

test('a certificate that nobody vouches for is refused before anything is sent', async () => {
  const [key, cert] = await Promise.all(
    ['key.pem', 'certificate.pem'].map((name) => readFile(join(fixtures, name))),
  );
  let requests = 0;
  const server = createTlsServer({ key, cert }, (_, response) => {
    requests += 1;
    response.end();
  });
  expect(await post(await listen(server, 'https'), patient)).toBe(
    'its certificate is not accepted (DEPTH_ZERO_SELF_SIGNED_CERT)',
  );
  expect(requests).toBe(0);
});

test('an interruption ends the waiting for a server that hangs', async () => {
  const interruption = new AbortController();
  const { url } = await startReceiver(() => interruption.abort());
  expect(await post(url, patient, interruption.signal)).toBe('it was interrupted');
});

test('an interruption ends the pause before the next attempt', async () => {
  const interruption = new AbortController();
  const { url } = await startReceiver((response) => {
    response.writeHead(500).end(() => setImmediate(() => interruption.abort()));
  });
  expect(await post(url, { ...patient, pauseMs: 40_000 }, interruption.signal)).toBe('it was interrupted');
});
