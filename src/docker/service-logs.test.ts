import { expect, test } from 'vitest';
import { answer, manager, refusal, startEngine } from './scripted-engine.ts';
import { type LogLine, parseLine, readServiceLog } from './service-logs.ts';
import { openSwarm } from './swarm.ts';

const details = 'com.docker.swarm.node.id=n1,com.docker.swarm.service.id=s1,com.docker.swarm.task.id=t1';
const message = (text: string) => `2026-11-21T16:18:00.262102452Z ${details} ${text}`;

/** As the engine sends it: stream number, three zeros, length, payload. */
function frame(stream: number, text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

async function read(body: unknown, status = 200): Promise<LogLine[]> {
  const script = {
    ...manager,
    '/services/web/logs': () => (status === 200 ? answer(body) : refusal(status, 'gone')),
  };
  const { endpoint } = await startEngine(script);
  const swarm = openSwarm([endpoint]);
  const lines: LogLine[] = [];
  try {
    const signal = new AbortController().signal;
    for await (const line of readServiceLog(swarm, 'web', { follow: false }, signal)) lines.push(line);
    return lines;
  } finally {
    swarm.close();
  }
}

test('frames become lines with their task, stream and time', async () => {
  const body = Buffer.concat([
    frame(1, message('line 1\n')),
    frame(2, message('with  two spaces, ünï\r\n')),
    frame(1, message('')),
    frame(1, message('part without an end')),
  ]);
  const common = { time: '2026-11-21T16:18:00.262102452Z', taskId: 't1' };
  expect(await read(body)).toEqual([
    { ...common, stream: 'stdout', text: 'line 1' },
    { ...common, stream: 'stderr', text: 'with  two spaces, ünï' },
    { ...common, stream: 'stdout', text: '' },
    { ...common, stream: 'stdout', text: 'part without an end' },
  ]);
});

test('what cannot be had is an error with the reason alone', async () => {
  const said =
    'Error grabbing logs: rpc error: code = Unknown desc = warning: incomplete log stream. some logs could not be retrieved for the following reasons: node n1 is not available\n';
  await expect(read(Buffer.concat([frame(1, message('a\n')), frame(3, said)]))).rejects.toMatchObject({
    code: 'docker',
    message: 'A part of the log cannot be had: node n1 is not available',
  });
});

test('a service that is gone is not found', async () => {
  await expect(read(undefined, 404)).rejects.toMatchObject({ code: 'not-found' });
});

test.each(['', 'no time', `2026-11-21T16:18:00Z com.docker.swarm.node.id=n1 no task`])(
  '%j is no line of a task',
  (text) => {
    expect(parseLine('stdout', text)).toBeUndefined();
  },
);
