import { SwarmctlError } from '../errors.ts';

/** What is measured of each pair, and how often. */
export interface BenchPlan {
  mode: 'quick' | 'full';
  /** The most pairs of a cluster; above that they are sampled. */
  pairs: number;
  /** Whether each pair is measured from both of its nodes. */
  bothWays: boolean;
  /** On each path, in turns. */
  idle: { rounds: number; messagesPerRound: number; sizes: readonly (64 | 1024)[] };
  /** Undefined where only latency and MTU are measured. */
  load: LoadPlan | undefined;
}

/** What is measured with the network under load; none of what is 0 or empty. */
export interface LoadPlan {
  /** Messages of 64 bytes while a TCP stream runs. */
  messages: number;
  /** Numbers of TCP streams at once. */
  streams: readonly number[];
  /** Seconds that TCP runs before it counts. */
  tcpWarmUpSeconds: number;
  tcpSeconds: number;
  /** Shares of the TCP throughput at which datagrams are sent. */
  shares: readonly number[];
  datagramSeconds: number;
  /** Connections that are set up, and names that are looked up. */
  setups: number;
}

export interface PlanOptions {
  quick: boolean;
  /** Whether a quick run has to measure the throughput, too. */
  throughput: boolean;
  pairs?: number | undefined;
  /** How long all of it may take, in milliseconds. */
  durationMs?: number | undefined;
}

/** Messages a second, in both modes, so that their numbers mean the same. */
export const messageRate = 2_000;
/** Of each round and size, this share is sent before and dropped: caches and congestion windows are cold. */
const warmUpShare = 0.1;
/** Seconds between the start of a load and the first message under it. */
export const loadLeadSeconds = 1;
/** Above this many pairs a cluster's pairs are sampled. */
const defaultPairs = 12;
/** Starting the clients of one pair and reading what they say, in seconds; as seen on a small machine. */
const overheadSeconds = { idle: 0.4, perLoadedStep: 0.3 };
/** Making the probes and removing them, in seconds. */
const probesSeconds = 5;

const quick: BenchPlan = {
  mode: 'quick',
  pairs: defaultPairs,
  bothWays: false,
  idle: { rounds: 10, messagesPerRound: 100, sizes: [64] },
  load: undefined,
};

const quickThroughput: LoadPlan = {
  messages: 0,
  streams: [1],
  tcpWarmUpSeconds: 0,
  tcpSeconds: 1,
  shares: [],
  datagramSeconds: 0,
  setups: 0,
};

const full: BenchPlan & { load: LoadPlan } = {
  mode: 'full',
  pairs: defaultPairs,
  bothWays: true,
  idle: { rounds: 10, messagesPerRound: 1_000, sizes: [64, 1024] },
  load: {
    messages: 10_000,
    streams: [1, 4],
    tcpWarmUpSeconds: 1,
    tcpSeconds: 2,
    shares: [0.1, 0.5, 0.8],
    datagramSeconds: 2,
    setups: 100,
  },
};

/** Fewer messages than this in a round leave nothing to compare, and shorter loads are not worth the name. */
const least = { messagesPerRound: 100, loadedMessages: 1_000, seconds: 1 };

/**
 * What to measure.
 * @param slotsOf how many pairs are measured one after another by a plan; one of a single path counts half.
 * @throws SwarmctlError `usage` when the duration is too short for the least that is worth measuring.
 */
export function planBench(
  { quick: isQuick, throughput, pairs, durationMs }: PlanOptions,
  slotsOf: (plan: BenchPlan) => number,
): BenchPlan {
  const mode = isQuick ? { ...quick, load: throughput ? quickThroughput : undefined } : full;
  const plan = { ...mode, ...(pairs !== undefined && { pairs }) };
  const slots = slotsOf(plan);
  if (durationMs === undefined || slots === 0) return plan;
  const given = durationMs / 1_000;
  const takes = (factor: number) => estimateSeconds(scale(plan, factor), slots);
  const needed = Math.ceil(takes(0));
  if (needed <= given)
    return scale(
      plan,
      largest((factor) => takes(factor) <= given),
    );
  throw new SwarmctlError(
    'usage',
    `A duration of ${given} s is too short: ${needed} s are needed at least.`,
    {
      hint: 'Give it longer, or measure fewer pairs with --pairs, or use --quick.',
    },
  );
}

/** The largest factor that fits, to a thousandth, by halving: what has a lower limit does not shrink with the rest. */
function largest(fits: (factor: number) => boolean): number {
  let [low, high] = [0, 1];
  while (fits(high)) [low, high] = [high, high * 2];
  while (high - low > 0.001) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function scale(plan: BenchPlan, factor: number): BenchPlan {
  const times = (value: number, lowest: number) =>
    value === 0 ? 0 : Math.max(lowest, Math.floor(value * factor));
  const { idle, load } = plan;
  return {
    ...plan,
    idle: { ...idle, messagesPerRound: times(idle.messagesPerRound, least.messagesPerRound) },
    load: load && {
      ...load,
      messages: times(load.messages, least.loadedMessages),
      tcpSeconds: times(load.tcpSeconds, least.seconds),
      datagramSeconds: times(load.datagramSeconds, least.seconds),
    },
  };
}

/** How long so many pairs one after another take, with making and removing the probes, in seconds. */
export function estimateSeconds(plan: BenchPlan, slots: number): number {
  return fixedSeconds(plan, slots) + slots * pairSeconds(plan);
}

function fixedSeconds({ load }: BenchPlan, slots: number): number {
  return probesSeconds + slots * (overheadSeconds.idle + (load ? 2 * fixedLoadSeconds(load) : 0));
}

/** On one path. */
function fixedLoadSeconds({ messages, streams, tcpWarmUpSeconds, shares }: LoadPlan): number {
  const loaded = messages > 0 ? 1 : 0;
  const steps = loaded + streams.length + shares.length;
  return (
    steps * overheadSeconds.perLoadedStep + loaded * 2 * loadLeadSeconds + streams.length * tcpWarmUpSeconds
  );
}

/** What the duration of a run scales: over both paths. */
function pairSeconds({ idle, load }: BenchPlan): number {
  if (!load) return idleSeconds(idle, 2);
  const { messages, streams, tcpSeconds, shares, datagramSeconds } = load;
  const onePath = messages / messageRate + streams.length * tcpSeconds + shares.length * datagramSeconds;
  return idleSeconds(idle, 2) + 2 * onePath;
}

/** How long the rounds of so many paths take, in turns, in seconds. */
export function idleSeconds({ rounds, messagesPerRound, sizes }: BenchPlan['idle'], paths: number): number {
  return (paths * rounds * sizes.length * (messagesPerRound + warmUpOf(messagesPerRound))) / messageRate;
}

export function warmUpOf(messages: number): number {
  return Math.ceil(messages * warmUpShare);
}
