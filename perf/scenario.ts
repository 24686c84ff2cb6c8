import { median, type Timing } from './paired.ts';

/** A measured comparison that the issue or the README makes a claim about. */
export interface Claim {
  /** What is compared, such as `2 × 3 nodes, to a converged app: swarmctl / parallel script`. */
  what: string;
  /** Measured. */
  ratio: number;
  /** The ratio that it should not go above, or not below. */
  target: { atMost: number } | { atLeast: number };
}

export interface Result {
  title: string;
  /** How it was measured, in a sentence or two. */
  method: string;
  timings: Timing[];
  claims: Claim[];
  /** More to say, as Markdown. */
  notes?: string;
}

/** One of `npm run perf`: makes what it needs, measures, and leaves nothing. */
export interface Scenario {
  name: string;
  run(rounds: number, log: (line: string) => void): Promise<Result>;
}

/** The ratio of the medians of two contenders. */
export function ratioOf(timings: readonly Timing[], name: string, peer: string): number {
  return medianOf(timings, name) / medianOf(timings, peer);
}

export function medianOf(timings: readonly Timing[], name: string): number {
  const timing = timings.find((candidate) => candidate.name === name);
  if (!timing) throw new Error(`no timing of ${name}`);
  return median(timing.seconds);
}

/** Tells of each time as it comes. */
export function tell(log: (line: string) => void): (name: string, seconds: number) => void {
  return (name, seconds) => log(`${name}: ${seconds.toFixed(2)} s`);
}
