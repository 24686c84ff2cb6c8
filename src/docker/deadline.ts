import { setTimeout as sleep } from 'node:timers/promises';
import { SwarmctlError } from '../errors.ts';

/**
 * Fails with `timeout` when `promise` has not settled within `ms` milliseconds, with `interrupted` when `signal` is
 * aborted.
 */
export async function withDeadline<T>(
  promise: Promise<T>,
  ms: number,
  what: string,
  signal?: AbortSignal,
): Promise<T> {
  const stop = new AbortController();
  const cancelled = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const expiry = sleep(ms, undefined, { signal: cancelled }).then(
    () => {
      throw new SwarmctlError('timeout', `${what} did not finish within ${formatSeconds(ms)}.`);
    },
    () => {
      throw interrupted(what);
    },
  );
  try {
    return await Promise.race([promise, expiry]);
  } finally {
    stop.abort();
    expiry.catch(() => {});
  }
}

/**
 * Asks `check` again and again until it gives a value other than undefined.
 * @param options.deadlineMs milliseconds until it fails with `timeout`.
 * @param options.intervalMs milliseconds between two questions.
 * @param options.describe what was last seen, for the error.
 */
export async function waitUntil<T>(
  what: string,
  check: () => Promise<T | undefined>,
  options: {
    deadlineMs: number;
    intervalMs?: number;
    signal?: AbortSignal | undefined;
    describe?: () => string;
  },
): Promise<T> {
  const end = performance.now() + options.deadlineMs;
  for (;;) {
    const value = await check();
    if (value !== undefined) return value;
    if (options.signal?.aborted) throw interrupted(what);
    if (performance.now() >= end) throw expired(what, options.deadlineMs, options.describe?.());
    await sleep(options.intervalMs ?? 200);
  }
}

function expired(what: string, ms: number, seen: string | undefined): SwarmctlError {
  const details = seen ? [`Last seen: ${seen}`] : [];
  return new SwarmctlError('timeout', `${what} did not happen within ${formatSeconds(ms)}.`, { details });
}

function interrupted(what: string): SwarmctlError {
  return new SwarmctlError('interrupted', `${what} was interrupted.`);
}

/** Such as `1.5 s`. */
export function formatSeconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`;
}
