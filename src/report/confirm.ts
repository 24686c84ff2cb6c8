import { createInterface } from 'node:readline';
import { SwarmctlError } from '../errors.ts';
import type { Io } from './io.ts';

/**
 * Asks a question that only `y` or `yes` says yes to; the end of the input is a no.
 * @throws SwarmctlError `confirmation-refused` where nobody can answer, `interrupted` when the signal is aborted
 */
export async function confirm(io: Io, question: string, signal: AbortSignal): Promise<boolean> {
  if (!io.canAsk) {
    throw new SwarmctlError('confirmation-refused', `Nobody is there to answer: ${question}`, {
      hint: 'Without a terminal, say yes beforehand with --yes.',
    });
  }
  io.stderr.write(`${io.errStyle.chalk.bold(question)} [y/N] `);
  const answer = await readAnswer(io, signal);
  if (signal.aborted) throw new SwarmctlError('interrupted', 'Interrupted at the question.');
  return /^y(es)?$/i.test(answer.trim());
}

async function readAnswer(io: Io, signal: AbortSignal): Promise<string> {
  // Not as a terminal: readline would take Ctrl-C for itself, and the signal would never be aborted.
  const reader = createInterface({ input: io.stdin, terminal: false, signal });
  try {
    for await (const line of reader) return line;
  } finally {
    // A terminal that is still read keeps the process from ending.
    io.stdin.pause();
  }
  // The question's line has no end yet: Ctrl-D or Ctrl-C left the cursor on it.
  io.stderr.write('\n');
  return '';
}
