import type { Io } from '../report/io.ts';

/** What every command is given beside its options. */
export interface CommandContext {
  io: Io;
  /** Aborted by Ctrl-C and by the signals that end a process. */
  signal: AbortSignal;
  env: NodeJS.ProcessEnv;
  /** Absolute working directory. */
  directory: string;
}

/** The flags by which every command finds the fleet and selects clusters. */
export interface FleetOptions {
  file?: string;
  target?: string;
  regions?: string[];
  clusters?: string[];
  json?: boolean;
}
