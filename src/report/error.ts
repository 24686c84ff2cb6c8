import { exitCodeOf, SwarmctlError } from '../errors.ts';
import type { Io } from './io.ts';
import { cleanText, wrapText } from './line.ts';
import type { ErrorReport, Report } from './report.ts';
import type { Style } from './style.ts';

/** Any thrown value as reports carry it; what is no SwarmctlError has the code `internal`. */
export function errorReport(error: unknown): ErrorReport {
  if (!(error instanceof SwarmctlError)) {
    return { code: 'internal', message: messageOf(error), details: stackLines(error) };
  }
  return {
    code: error.code,
    message: error.message,
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error.details.length > 0 && { details: [...error.details] }),
  };
}

/** The report of a run that ended before it had a result for each cluster. */
export function failedReport(command: string, error: unknown, durationMs = 0): Report {
  const exitCode = exitCodeOf(error);
  return { version: 1, command, ok: false, exitCode, durationMs, clusters: [], error: errorReport(error) };
}

/**
 * Writes an error to stderr: what happened, the evidence, what to do next; for a bug its stack.
 * @param version swarmctl's own, which a bug report should name
 */
export function showError(io: Io, error: unknown, version: string): void {
  const lines =
    error instanceof SwarmctlError
      ? errorLines(errorReport(error), io.errStyle)
      : bugLines(error, io.errStyle, version);
  io.stderr.write(`${lines.join('\n')}\n`);
}

/**
 * `✖ message`, the details indented, `→ hint`.
 * @param subject what failed, such as a cluster's name
 */
export function errorLines(error: ErrorReport, style: Style, subject?: string): string[] {
  const { chalk, symbols } = style;
  const message = subject === undefined ? error.message : `${subject}: ${error.message}`;
  return [
    ...hangingLines(chalk.red(symbols.bad), message, style),
    ...(error.details ?? []).flatMap((detail) => detailLines(detail, style)),
    ...(error.hint === undefined ? [] : hangingLines(chalk.cyan(symbols.next), error.hint, style)),
  ];
}

/** Evidence keeps its lines; only where one is wider than the terminal it goes on below, further in. */
function detailLines(detail: string, { chalk, width }: Style): string[] {
  return cleanText(detail)
    .split('\n')
    .flatMap((line) =>
      wrapText(line, width - 6).map((part, index) => (index === 0 ? `    ${part}` : `      ${part}`)),
    )
    .map((line) => chalk.dim(line));
}

function hangingLines(mark: string, text: string, style: Style): string[] {
  return wrapText(cleanText(text), style.width - 2).map(
    (line, index) => `${index === 0 ? mark : ' '} ${line}`,
  );
}

function bugLines(error: unknown, style: Style, version: string): string[] {
  const { chalk, symbols } = style;
  return [
    `${chalk.red(symbols.bad)} This is a bug in swarmctl: ${cleanText(messageOf(error))}`,
    ...stackLines(error).map((line) => chalk.dim(line)),
    ...hangingLines(
      chalk.cyan(symbols.next),
      `Please report it with the lines above. swarmctl ${version}, Node ${process.version}, ${process.platform} ${process.arch}`,
      style,
    ),
  ];
}

/** Stacks only, down the chain of causes: the other properties of an error may hold an environment with secrets. */
function stackLines(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = cleanText(error.stack ?? '')
    .split('\n')
    .map((line) => `    ${line.trim()}`);
  const cause = stackLines(error.cause);
  return cause.length === 0 ? own : [...own, '    caused by', ...cause];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
