/** What went wrong, as a stable word that reports carry and tests check. */
export type ErrorCode =
  | 'usage'
  | 'config'
  | 'toolchain'
  | 'unreachable'
  | 'host-key'
  | 'certificate'
  | 'access-denied'
  | 'no-engine'
  | 'no-shell'
  | 'no-quorum'
  | 'manager-locked'
  | 'no-swarm'
  | 'timeout'
  | 'not-found'
  | 'conflict'
  | 'locked'
  | 'swarm-exists'
  | 'node-failed'
  | 'service-failed'
  | 'rolled-back'
  | 'not-rolled-back'
  | 'image-missing'
  | 'build-failed'
  | 'no-bench-data'
  | 'budget-missed'
  | 'baseline'
  | 'baseline-refused'
  | 'quorum-refused'
  | 'network-refused'
  | 'deletes-refused'
  | 'confirmation-refused'
  | 'plan-changed'
  | 'state-unreadable'
  | 'state-unwritable'
  | 'interrupted'
  | 'output'
  | 'engine'
  | 'docker'
  | 'internal';

export interface ErrorFacts {
  /** What the reader should do next, one sentence or command. */
  hint?: string;
  /** Evidence, one line each: a failed task's last log lines, the holders of a lock. */
  details?: string[];
  cause?: unknown;
}

/**
 * An error that is meant for the reader: `message` says what happened and where, `hint` what to do next.
 * Anything else that reaches `main` is a bug and is shown with its stack.
 */
export class SwarmctlError extends Error {
  override readonly name = 'SwarmctlError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: readonly string[];

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.hint = facts.hint;
    this.details = facts.details ?? [];
  }
}

/** What a run fails with once it was interrupted, whatever broke because of that. */
export function asInterrupted(cause: unknown): SwarmctlError {
  if (cause instanceof SwarmctlError && cause.code === 'interrupted') return cause;
  return new SwarmctlError('interrupted', 'Interrupted.', { cause });
}

/** The exit codes, as documented in the README. */
export const exitCodes = {
  done: 0,
  failed: 1,
  driftOrPending: 2,
  budgetMissed: 3,
  refused: 4,
  usage: 64,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const exitCodeByError: Partial<Record<ErrorCode, ExitCode>> = {
  usage: exitCodes.usage,
  config: exitCodes.usage,
  'budget-missed': exitCodes.budgetMissed,
  baseline: exitCodes.usage,
  'baseline-refused': exitCodes.refused,
  'quorum-refused': exitCodes.refused,
  'network-refused': exitCodes.refused,
  'deletes-refused': exitCodes.refused,
  'confirmation-refused': exitCodes.refused,
  interrupted: exitCodes.interrupted,
};

/** The exit code that an error stands for; an unknown error is a failure. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof SwarmctlError)) return exitCodes.failed;
  return exitCodeByError[error.code] ?? exitCodes.failed;
}

const precedence: readonly ExitCode[] = [
  exitCodes.interrupted,
  exitCodes.usage,
  exitCodes.failed,
  exitCodes.refused,
  exitCodes.budgetMissed,
  exitCodes.driftOrPending,
];

/** One exit code for several clusters: the first that applies of 130, 64, 1, 4, 3, 2, 0. */
export function combinedExitCode(codes: readonly ExitCode[]): ExitCode {
  return precedence.find((code) => codes.includes(code)) ?? exitCodes.done;
}
