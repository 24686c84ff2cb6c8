/** One way to do a job, timed as a user would see it: from the command to its end. */
export interface Contender {
  name: string;
  /** Untimed: brings about what a run starts from. */
  prepare?(round: number): Promise<void>;
  /** Timed. Throws when the job was not done, so that no failure is taken for a quick run. */
  run(round: number): Promise<void>;
  /** Untimed: takes away what the run has made. */
  clean?(): Promise<void>;
}

export interface Timing {
  name: string;
  /** Seconds, one for each round. */
  seconds: number[];
}

/**
 * Times contenders in turn, so that whatever else the machine does meets all of them alike; each round begins with
 * another one.
 * @param rounds how often each one runs.
 * @param onTimed is told of each time in seconds.
 */
export async function timeInTurn(
  contenders: readonly Contender[],
  rounds: number,
  onTimed: (name: string, seconds: number) => void,
): Promise<Timing[]> {
  const timings = contenders.map(({ name }) => ({ name, seconds: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const index of contenders.keys()) {
      const turn = (round + index) % contenders.length;
      const [contender, timing] = [contenders[turn], timings[turn]];
      if (!contender || !timing) throw new Error('a turn without a contender');
      const seconds = await timeOnce(contender, round);
      timing.seconds.push(seconds);
      onTimed(contender.name, seconds);
    }
  }
  return timings;
}

async function timeOnce({ prepare, run, clean }: Contender, round: number): Promise<number> {
  await prepare?.(round);
  try {
    const start = performance.now();
    await run(round);
    return (performance.now() - start) / 1_000;
  } finally {
    await clean?.();
  }
}

/** The middle of the values, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
