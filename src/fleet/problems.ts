import { SwarmctlError } from '../errors.ts';
import type { YamlPosition } from '../yaml-position.ts';

/** One thing that is wrong in a fleet file, and where. */
export interface Problem extends YamlPosition {
  /** What was expected and what was found. */
  message: string;
  /** What to write instead, where that is known. */
  hint?: string | undefined;
}

const maxShown = 10;

/**
 * One error for all problems of a file, in the order of its lines.
 *
 * @param shownAs the file's name for the reader
 * @param problems one or more
 */
export function problemsError(shownAs: string, problems: readonly Problem[]): SwarmctlError {
  const inOrder = problems.toSorted((one, other) => one.line - other.line || one.col - other.col);
  const [first] = inOrder;
  const hint = `Correct ${shownAs} and run the command again; nothing was changed.`;
  if (first !== undefined && inOrder.length === 1) {
    return new SwarmctlError('config', located(shownAs, first), { hint: first.hint ?? hint });
  }
  const details = inOrder.slice(0, maxShown).map((problem) => withHint(shownAs, problem));
  if (inOrder.length > maxShown) details.push(`and ${inOrder.length - maxShown} more`);
  return new SwarmctlError('config', `${shownAs} has ${inOrder.length} errors`, { hint, details });
}

function withHint(shownAs: string, problem: Problem): string {
  return problem.hint === undefined
    ? located(shownAs, problem)
    : `${located(shownAs, problem)}. ${problem.hint}`;
}

function located(shownAs: string, { line, col, message }: Problem): string {
  return `${shownAs}:${line}:${col}: ${message}`;
}
