import type { Io } from './io.ts';

interface Terminal {
  setRawMode?(isRaw: boolean): unknown;
}

/**
 * Gives every key to `work` as it is pressed, Ctrl-C too, as long as it takes; the terminal is left as it was, however
 * that ends.
 */
export async function whileRaw<Result>({ stdin }: Io, work: () => Promise<Result>): Promise<Result> {
  const terminal = stdin as Terminal;
  terminal.setRawMode?.(true);
  try {
    return await work();
  } finally {
    terminal.setRawMode?.(false);
  }
}

/** The size of the terminal that stdout is, and what is told when it changes. */
export function terminalSize({ stdout }: Io): { columns: number; rows: number } {
  return { columns: stdout.columns || 80, rows: stdout.rows || 24 };
}

/** @returns what ends the telling. */
export function onResize({ stdout }: Io, tell: () => void): () => void {
  stdout.on('resize', tell);
  return () => stdout.off('resize', tell);
}
