import { SwarmctlError } from '../errors.ts';

/** What the Docker API client throws: an HTTP status with the engine's message, or a system error. */
interface RawFailure {
  statusCode?: number;
  code?: string;
  message?: string;
  /** null where the answer was a stream. */
  json?: { message?: string } | string | null;
}

/**
 * The one place where a failed call to an engine gets its meaning.
 * @param what the call in words, such as `reading service shop_web`.
 * @param where the endpoint that was asked.
 */
export function dockerError(failure: unknown, what: string, where: string): SwarmctlError {
  if (failure instanceof SwarmctlError) return failure;
  const raw = failure as RawFailure;
  const said = engineMessage(raw);
  if (raw.statusCode === undefined) {
    return new SwarmctlError('unreachable', `The engine at ${where} cannot be reached: ${said}`, {
      cause: failure,
    });
  }
  if (raw.statusCode === unavailable || saysNoQuorum(said)) {
    return new SwarmctlError('no-quorum', `The engine at ${where} cannot speak for its swarm: ${said}`, {
      cause: failure,
    });
  }
  const code = saysConflict(said) ? 'conflict' : codeOfStatus(raw.statusCode);
  return new SwarmctlError(code, `${what} on ${where} failed: ${said}`, { cause: failure });
}

/** The answer, or undefined when the one that was asked said that there is no such thing; any other error stays one. */
export async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SwarmctlError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** For `catch`: undefined for an engine that does not answer; any other error stays one. */
export function unlessSilent(error: unknown): undefined {
  const isSilent =
    error instanceof SwarmctlError && (error.code === 'unreachable' || error.code === 'timeout');
  if (!isSilent) throw error;
}

function engineMessage(raw: RawFailure): string {
  const told = typeof raw.json === 'object' ? raw.json?.message : undefined;
  return (told ?? raw.message ?? 'no reason given').trim();
}

/** What the engine answers when it is no manager, is locked, or cannot serve the swarm (moby daemon/cluster/errors.go). */
const unavailable = 503;

/**
 * Swarm has no status of its own for a lost quorum: the text is all there is (moby daemon/cluster/errors.go,
 * swarmkit manager/state/raft/raft.go).
 */
function saysNoQuorum(message: string): boolean {
  return /does not have a leader|context deadline exceeded|DeadlineExceeded|leader election|no elected.*leader|not reach a quorum|lost (the )?leader(ship)?|transport is closing|connection error: desc/i.test(
    message,
  );
}

/** Conflicts that have another status: of versions (moby daemon/cluster), of address ranges (moby libnetwork/ipamapi). */
function saysConflict(message: string): boolean {
  return message.includes('update out of sequence') || message.includes('Pool overlaps');
}

function codeOfStatus(status: number): 'not-found' | 'conflict' | 'docker' {
  if (status === 404) return 'not-found';
  if (status === 409) return 'conflict';
  return 'docker';
}
