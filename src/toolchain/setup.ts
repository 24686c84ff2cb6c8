import { cacheDirectory } from './cache.ts';

/** How a set-up step talks to the one who asked for it. */
export interface Setup {
  /** Absolute folder that tools are installed in. */
  cache: string;
  /** Called before each step with what is installed and from where. */
  onStep: (message: string) => void;
  /** Asks whether something may be downloaded and run. */
  consent: (question: string) => Promise<boolean>;
  signal?: AbortSignal;
}

/** A set-up in the user's cache directory. */
export function createSetup(options: Omit<Setup, 'cache'>): Setup {
  return { cache: cacheDirectory(), ...options };
}
