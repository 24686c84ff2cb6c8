import { SwarmctlError } from '../errors.ts';

/** What `probe latency` gives: of each round and size, in the order in which the messages were due. */
export interface LatencyOutput {
  rounds: ProbedRound[];
  noise: NoiseOutput;
}

export interface ProbedRound {
  bytes: number;
  round: number;
  /** Microseconds from when a message was due until its answer; null where none came. */
  latencies: (number | null)[];
}

/** What `probe noise` gives. */
export interface NoiseOutput {
  /** How late a sleeper was woken, p99, in microseconds. */
  lag: number;
  /** Share of the time that the hypervisor gave to others. */
  steal: number;
  /** Runnable tasks per core. */
  load: number;
}

/** What `probe mtu` gives, in bytes with all headers. */
export interface MtuOutput {
  /** The MTU of the interface that the way begins with. */
  interface: number;
  /** The largest that arrives undivided. */
  path: number;
}

/**
 * Reads the line that a probe ends with.
 * @param output stdout of tools/probe.pl, or of iperf3 with `--json`.
 * @throws SwarmctlError `no-bench-data` with the reason that it gives, or what is wrong with it.
 */
export function readJson(output: string): Record<string, unknown> {
  let document: unknown;
  try {
    document = JSON.parse(output);
  } catch {
    const seen = output.trim().slice(0, 100);
    throw noData(
      seen === '' ? 'the probe said nothing' : `the probe's answer is cut off or no JSON: ${seen}`,
    );
  }
  if (!isRecord(document)) throw noData("the probe's answer makes no sense");
  if ('error' in document) throw noData(String(document.error));
  return document;
}

/** What a client may take beyond its own time, in seconds: starting, connecting, the last answers. Then it is given up. */
export const clientSlackSeconds = 20;

/** What a latency probe was to do. */
export interface LatencyTask {
  /** In each round. */
  messages: number;
  /** How long all of it was to take. */
  seconds: number;
}

/**
 * @throws SwarmctlError `no-bench-data` for a time that cannot be, such as one before the message was due, or longer than
 * the probe may run.
 */
export function readLatency(output: string, task: LatencyTask): LatencyOutput {
  const { rounds, noise } = readJson(output);
  if (!Array.isArray(rounds)) throw noData('the probe tells of no rounds');
  return { rounds: rounds.map((round) => readRound(round, task)), noise: asNoise(noise) };
}

function readRound(round: unknown, { messages, seconds }: LatencyTask): ProbedRound {
  const { latencies } = record(round);
  if (!Array.isArray(latencies) || latencies.length !== messages) {
    throw noData(`a round has not the ${messages} messages that were sent`);
  }
  const most = (seconds + clientSlackSeconds) * 1e6;
  const isPossible = (value: unknown) => typeof value === 'number' && value > 0 && value <= most;
  const wrong = latencies.find((value) => value !== null && !isPossible(value));
  if (wrong !== undefined) throw noData(`a latency of ${wrong} µs makes no sense`);
  return { bytes: numberIn(round, 'bytes'), round: numberIn(round, 'round'), latencies };
}

export function readNoise(output: string): NoiseOutput {
  return asNoise(readJson(output));
}

function asNoise(noise: unknown): NoiseOutput {
  return { lag: numberIn(noise, 'lag'), steal: numberIn(noise, 'steal'), load: numberIn(noise, 'load') };
}

export function readMtu(output: string): MtuOutput {
  const document = readJson(output);
  return { interface: numberIn(document, 'interface'), path: numberIn(document, 'path') };
}

/** Microseconds of each repetition, of `probe connect` and `probe lookup`. */
export function readTimes(output: string): number[] {
  const { times } = readJson(output);
  if (
    Array.isArray(times) &&
    times.length > 0 &&
    times.every((time) => typeof time === 'number' && time > 0)
  ) {
    return times;
  }
  throw noData('the probe tells of no times');
}

/**
 * The finite number under a key.
 * @throws SwarmctlError `no-bench-data` where there is none.
 */
export function numberIn(document: unknown, key: string): number {
  const value = record(document)[key];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw noData(`the probe's answer has no ${key}`);
}

export function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Why there is no number. */
export function noData(reason: string, cause?: unknown): SwarmctlError {
  return new SwarmctlError('no-bench-data', reason, { cause });
}
