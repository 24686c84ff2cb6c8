import type { Io } from '../report/io.ts';

/** What every command is given beside its options. */
export interface CommandContext {
  io: Io;
  /** Aborted by Ctrl-C and by the signals that end a process. */
  signal: AbortSignal;
  /** For a command that ends at once when `signal` is aborted: the reader is not told to wait. */
  stopsAtOnce(): void;
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

/** The flags of commands that end in a `Report`, by which it also goes to files. */
export interface ReportOptions extends FleetOptions {
  /** File for the report as a page. */
  html?: string;
  /** File for what happens, as it happens. */
  events?: string;
}
