import type { IncomingMessage } from 'node:http';
import type Dockerode from 'dockerode';
import { SwarmctlError } from '../errors.ts';
import { takeFrame } from './frames.ts';
import type { Swarm } from './swarm.ts';

/** A line that a task wrote. */
export interface LogLine {
  /** When, in RFC 3339 with nine digits of a second and in UTC, so that times sort as texts. */
  time: string;
  stream: 'stdout' | 'stderr';
  taskId: string;
  /** Without the end of the line. */
  text: string;
}

export interface LogQuery {
  follow: boolean;
  /** Seconds since 1970, with a fraction; only lines from then on. */
  since?: string | undefined;
  /** Lines of each task before now; all where absent. */
  tail?: number | undefined;
}

/**
 * The log of a service as one manager gives it: lines of one task in their order, those of different tasks mixed. It is
 * read no faster than its lines are taken.
 * @throws SwarmctlError `not-found` when the service is gone; `docker` when a part of the log cannot be had, after the
 *   lines that could; `unreachable` when the manager is lost.
 */
export async function* readServiceLog(
  swarm: Swarm,
  service: string,
  query: LogQuery,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  const response = await swarm.ask(`reading the log of service ${service}`, (api) =>
    openLog(api, service, query),
  );
  const stop = () => response.destroy();
  signal.addEventListener('abort', stop);
  try {
    yield* linesOf(response);
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof SwarmctlError ? error : brokenOff(service, error);
  } finally {
    signal.removeEventListener('abort', stop);
    response.destroy();
  }
}

function openLog(api: Dockerode, service: string, query: LogQuery): Promise<IncomingMessage> {
  const { follow, since, tail } = query;
  const options = {
    stdout: 1,
    stderr: 1,
    timestamps: 1,
    details: 1,
    ...(follow && { follow: 1 }),
    ...(since !== undefined && { since }),
    ...(tail !== undefined && { tail }),
  };
  const path = `/services/${service}/logs?`;
  const statusCodes = { 200: true, 404: 'no such service', 500: 'server error', 503: 'no swarm' };
  return new Promise((resolve, reject) => {
    api.modem.dial({ path, method: 'GET', isStream: true, statusCodes, options }, (error, response) =>
      error ? reject(error) : resolve(response as IncomingMessage),
    );
  });
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<LogLine> {
  const isRaw = response.headers['content-type'] === 'application/vnd.docker.raw-stream';
  for await (const message of isRaw ? textLines(response) : framesOf(response)) {
    if (message.stream === 'system') throw incomplete(message.text);
    const line = parseLine(message.stream, message.text);
    if (line) yield line;
  }
}

interface Message {
  stream: 'stdout' | 'stderr' | 'system';
  text: string;
}

/** Each frame is one message of the log. */
async function* framesOf(response: AsyncIterable<Buffer>): AsyncGenerator<Message> {
  let buffered: Buffer = Buffer.alloc(0);
  for await (const chunk of response) {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    for (let taken = takeFrame(buffered); taken; taken = takeFrame(buffered)) {
      buffered = taken.rest;
      yield { stream: taken.frame.stream, text: taken.frame.payload.toString() };
    }
  }
}

/** A service with a terminal has one stream, without frames. */
async function* textLines(response: AsyncIterable<Buffer>): AsyncGenerator<Message> {
  const decoder = new TextDecoder();
  let buffered = '';
  for await (const chunk of response) {
    const lines = (buffered + decoder.decode(chunk, { stream: true })).split('\n');
    buffered = lines.pop() ?? '';
    for (const text of lines) yield { stream: 'stdout', text };
  }
}

/**
 * `<time> <details> <text>`; the details are `name=value,…` (moby httputils.WriteLogStream).
 * @returns undefined for what is no line of a task.
 */
export function parseLine(stream: LogLine['stream'], message: string): LogLine | undefined {
  const [, time, details, text] = /^(\d{4}-\S+) (\S*) (.*)$/s.exec(message) ?? [];
  const taskId = /(?:^|,)com\.docker\.swarm\.task\.id=([^,]+)/.exec(details ?? '')?.[1];
  if (time === undefined || text === undefined || taskId === undefined) return undefined;
  return { time, stream, taskId, text: text.replace(/\r?\n$/, '') };
}

/** Such as `Error grabbing logs: rpc error: … warning: incomplete log stream. … node x is not available`. */
function incomplete(said: string): SwarmctlError {
  const [, reason = said] = /following reasons: (.*)/s.exec(said) ?? [];
  return new SwarmctlError('docker', `A part of the log cannot be had: ${reason.trim()}`);
}

function brokenOff(service: string, cause: unknown): SwarmctlError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SwarmctlError('unreachable', `The log of service ${service} broke off: ${reason}`, { cause });
}
