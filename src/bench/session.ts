import { randomBytes } from 'node:crypto';
import { openEngine } from '../docker/engine.ts';
import { nodeName } from '../docker/node-name.ts';
import { openSwarm, type Swarm } from '../docker/swarm.ts';
import { zoneLabel } from '../docker/zones.ts';
import { SwarmctlError } from '../errors.ts';
import type { BenchNodeFacts, ClusterBench, NodeNoise } from '../report/bench-result.ts';
import { allSettled } from './all-settled.ts';
import { type MeasuredPair, measurePair } from './measure-pair.ts';
import { isEncrypted, type OverlayOptions, overlayMtu, overlayOptions } from './overlay.ts';
import { choosePairs, countSlots, eachDisjoint } from './pairs.ts';
import { type BenchPlan, estimateSeconds } from './plan.ts';
import { type ProbeRun, runLabel } from './probe-container.ts';
import { type BenchNode, type Probe, removeProbes, startProbes } from './probes.ts';

export interface SessionOptions {
  cluster: string;
  region: string;
  /** The name of the fleet's stack, whose overlay networks are the model of the probes' own. */
  stack: string;
  /** The nodes to measure, with the endpoints of their engines. */
  nodes: readonly { name: string; endpoint: string }[];
  /** Endpoints of the cluster's managers. */
  managers: readonly string[];
  /** Image of the probes, present on every node. */
  probeImage: string;
  /** Whether the nodes share one kernel. */
  simulation: boolean;
  plan: BenchPlan;
  onProgress(text: string): void;
  signal: AbortSignal;
}

/** Probes on the nodes of a cluster. */
export interface Session {
  cluster: string;
  probes: Probe[];
  /**
   * Measures between the nodes of the cluster.
   * @throws SwarmctlError `interrupted`.
   */
  measure(): Promise<ClusterBench>;
  /** Removes the probes. */
  close(): Promise<void>;
}

/** How long to look for a manager with a quorum. */
const swarmDeadlineMs = 20_000;
/** A probe that nobody removed ends by itself after so many times the estimated duration, and so many seconds. */
const lifetime = { factor: 3, seconds: 300 };

/**
 * Starts probes on the nodes of a cluster. Those that a killed run left are removed first.
 * @throws SwarmctlError `image-missing`, `interrupted`, `timeout`, or what the engines answer; nothing is left then.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  // Without the signal: what has been made is removed after an interruption, too.
  const swarm = openSwarm(options.managers, { deadlineMs: swarmDeadlineMs });
  const run = planRun(options);
  const engines = openEngines(options);
  const close = () => {
    // Over connections of their own: clients that still run hold the others.
    closeAll(engines);
    return removeOver(openEngines(options), swarm, run);
  };
  try {
    options.onProgress(`starting probes on ${engines.length} nodes`);
    const [described, overlay] = await allSettled([
      describeNodes(swarm, engines, options.cluster),
      overlayOptions(swarm, options.stack),
    ]);
    await removeProbes(swarm, engines, runLabel);
    const nodes = described.map(({ node }) => node);
    const probes = await startProbes(swarm, nodes, run, { overlay, signal: options.signal });
    const facts = described.map(({ facts }) => facts);
    return {
      cluster: options.cluster,
      probes,
      measure: () => measure(probes, facts, overlay, options),
      close,
    };
  } catch (error) {
    // The error that came first is the one to tell; the probes end by themselves and the next run sweeps.
    await close().catch(() => undefined);
    throw error;
  }
}

type Connected = Pick<BenchNode, 'name' | 'engine'>;

function openEngines({ nodes }: SessionOptions): Connected[] {
  return nodes.map(({ name, endpoint }) => ({ name, engine: openEngine(endpoint) }));
}

function closeAll(engines: readonly Connected[]): void {
  for (const { engine } of engines) engine.close();
}

async function removeOver(engines: readonly Connected[], swarm: Swarm, { id }: ProbeRun): Promise<void> {
  const removed = removeProbes(swarm, engines, `${runLabel}=${id}`);
  await removed.finally(() => {
    closeAll(engines);
    swarm.close();
  });
}

function planRun({ nodes, cluster, probeImage, plan }: SessionOptions): ProbeRun {
  const pairs = choosePairs(nodes, { most: plan.pairs, bothWays: plan.bothWays, zoneOf: () => undefined });
  const seconds = estimateSeconds(plan, countSlots(pairs));
  return {
    id: `swarmctl-bench-${randomBytes(4).toString('hex')}`,
    cluster,
    image: probeImage,
    lifetimeSeconds: Math.ceil(seconds * lifetime.factor + lifetime.seconds),
  };
}

interface SwarmNode {
  Spec: { Role: string; Labels?: Record<string, string> };
  Description: { Hostname: string };
  Status: { Addr: string };
  ManagerStatus?: { Addr: string };
}

/** What has to be known of the nodes. */
async function describeNodes(
  swarm: Swarm,
  engines: readonly Connected[],
  cluster: string,
): Promise<{ node: BenchNode; facts: BenchNodeFacts }[]> {
  const members = await swarm.ask('listing the nodes', async (api) => (await api.listNodes()) as SwarmNode[]);
  return allSettled(
    engines.map(async ({ name, engine }) => {
      const member = members.find((node) => nodeName(node) === name);
      if (!member) throw new SwarmctlError('not-found', `The swarm of ${cluster} has no node ${name}.`);
      const { Version, KernelVersion } = await engine.ask('asking for the version', (api) => api.version());
      const { [zoneLabel]: zone, 'swarmctl.instance-type': instanceType } = member.Spec.Labels ?? {};
      const where = { ...(zone !== undefined && { zone }) };
      const facts = { name, role: member.Spec.Role, engine: Version, kernel: KernelVersion ?? '', ...where };
      return {
        node: { cluster, name, engine, address: addressOf(member), ...where },
        facts: { ...facts, ...(instanceType !== undefined && { instanceType }) },
      };
    }),
  );
}

/** A manager's own address is the one that it advertises, not the one that it was last seen from. */
function addressOf({ Status, ManagerStatus }: SwarmNode): string {
  return ManagerStatus?.Addr.replace(/^\[|\]?:\d+$/g, '') ?? Status.Addr;
}

async function measure(
  probes: readonly Probe[],
  nodes: BenchNodeFacts[],
  overlay: OverlayOptions,
  { plan, cluster, region, simulation, onProgress, signal }: SessionOptions,
): Promise<ClusterBench> {
  const zoneOf = ({ node }: Probe) => node.zone;
  const pairs = choosePairs(probes, { most: plan.pairs, bothWays: plan.bothWays, zoneOf });
  const encrypted = isEncrypted(overlay);
  let done = 0;
  const onStep = (step: string) => onProgress(`measured ${done}/${pairs.length} pairs: ${step}`);
  const measured = await eachDisjoint(pairs, async (pair) => {
    if (signal.aborted) throw new SwarmctlError('interrupted', 'Stopped while measuring.');
    const result = await measurePair(pair, { plan, paths: ['host', 'overlay'], encrypted, onStep, signal });
    done += 1;
    return result;
  });
  return {
    cluster,
    region,
    environment: { simulation, nodes, overlayMtu: overlayMtu(overlay), encrypted },
    pairs: measured.map(({ bench }) => bench),
    noise: worstNoise(measured),
  };
}

/** What disturbed the measuring of one pair disturbed the result: the worst of each node counts. */
function worstNoise(measured: readonly MeasuredPair[]): NodeNoise[] {
  const byNode = Map.groupBy(
    measured.flatMap(({ noise }) => noise),
    ({ node }) => node,
  );
  return [...byNode].map(([node, all]) => ({
    node,
    schedulingLagUs: Math.max(...all.map(({ seen }) => seen.lag)),
    steal: Math.max(...all.map(({ seen }) => seen.steal)),
    load: Math.max(...all.map(({ seen }) => seen.load)),
  }));
}
