import type { Io } from './io.ts';

/** Writes the one JSON document of a run to stdout. */
export function printJson(io: Io, document: unknown): void {
  io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}
