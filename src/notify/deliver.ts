import { setTimeout as sleep } from 'node:timers/promises';

/** A POST of JSON. The address is a secret: nothing that is told of a delivery has it. */
export interface Delivery {
  url: URL;
  headers: Record<string, string>;
  body: string;
}

/** How long a delivery may take, in milliseconds. */
export interface Patience {
  /** For all attempts and the pauses between them. */
  deadlineMs: number;
  /** For one attempt. */
  attemptMs: number;
  /** Before the second attempt; each pause is twice as long as the one before it. */
  pauseMs: number;
}

interface Failure {
  reason: string;
  /** Whether it may go better the next time. */
  isPassing: boolean;
  /** What the receiver asks to wait, in milliseconds. */
  waitMs?: number;
}

/**
 * Posts until it is taken, refused or too late. Redirects are not followed: the report is for one receiver.
 * @returns why it was not delivered; undefined when it was. Nothing is thrown.
 */
export async function deliver(
  delivery: Delivery,
  { deadlineMs, attemptMs, pauseMs }: Patience,
  signal: AbortSignal,
): Promise<string | undefined> {
  const end = performance.now() + deadlineMs;
  for (let pause = pauseMs; ; pause *= 2) {
    const failure = await attempt(delivery, Math.min(attemptMs, end - performance.now()), signal);
    if (failure === undefined) return undefined;
    const wait = Math.max(pause, failure.waitMs ?? 0);
    if (!signal.aborted && (!failure.isPassing || performance.now() + wait >= end)) return failure.reason;
    await sleep(wait, undefined, { signal }).catch(() => {});
    if (signal.aborted) return 'it was interrupted';
    // A busy machine wakes up late.
    if (performance.now() >= end) return failure.reason;
  }
}

async function attempt(
  { url, headers, body }: Delivery,
  limitMs: number,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, limit.signal]),
    });
    if (!response.ok) return await refusal(response, url);
    leave(response);
    return undefined;
  } catch (error) {
    if (!limit.signal.aborted) return brokenConnection(error);
    return { reason: `no answer within ${Math.ceil(limitMs / 1000)} s`, isPassing: true };
  } finally {
    clearTimeout(timer);
  }
}

async function refusal(response: Response, url: URL): Promise<Failure> {
  const { status } = response;
  const waitMs = retryAfter(response.headers);
  const word = await firstWord(response);
  const asks = waitMs === undefined ? '' : `, and asks to wait ${Math.ceil(waitMs / 1000)} s`;
  const where = status >= 300 && status < 400 ? ', a redirect, which is not followed' : '';
  const why = word === undefined || url.href.includes(word) ? '' : ` (${word})`;
  return {
    reason: `it answered ${status}${why}${where}${asks}`,
    isPassing: status >= 500 || [408, 425, 429].includes(status),
    ...(waitMs !== undefined && { waitMs }),
  };
}

/**
 * The wait that `Retry-After` asks for, in milliseconds: seconds or a date (RFC 9110, 10.2.3). A date is taken by the
 * receiver's own clock.
 */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const now = Date.parse(headers.get('date') ?? '') || Date.now();
  const waitMs = Date.parse(value) - now;
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}

/** The word that Slack answers with, such as `no_service`; any other text is not for the reader. */
async function firstWord(response: Response): Promise<string | undefined> {
  const reader = response.body?.getReader();
  const chunk = await reader?.read().catch(() => undefined);
  reader?.cancel().catch(() => {});
  const text = new TextDecoder().decode(chunk?.value?.subarray(0, 100)).trim();
  return /^[a-z_]{2,40}$/.test(text) ? text : undefined;
}

/** A body that nobody reads, however long or slow, must not keep the process. */
function leave({ body }: Response): void {
  body?.cancel().catch(() => {});
}

const reasons: Record<string, string> = {
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name cannot be looked up',
  ECONNREFUSED: 'it refuses connections',
  ECONNRESET: 'it broke the connection off',
  EPIPE: 'it broke the connection off',
  UND_ERR_SOCKET: 'it broke the connection off',
  EHOSTUNREACH: 'it cannot be reached',
  ENETUNREACH: 'it cannot be reached',
};

/** By the code alone: messages of failed requests hold names and addresses. */
function brokenConnection(error: unknown): Failure {
  const { code = '' } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  if (/CERT|SIGNATURE|ALTNAME/.test(code))
    return { reason: `its certificate is not accepted (${code})`, isPassing: false };
  return { reason: reasons[code] ?? `the request failed${code && ` (${code})`}`, isPassing: true };
}
