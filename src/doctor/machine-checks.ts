import type { Check, Disk, Facts } from './facts.ts';

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/** The ports by which the nodes of a swarm reach each other (docs.docker.com/engine/swarm/swarm-tutorial). */
export const swarmPorts = ['2377/tcp', '7946/tcp', '7946/udp', '4789/udp'];

export const checkPorts: Check = ({ machine: { listening }, engine, fleet }) => {
  const name = 'ports';
  if (fleet)
    return {
      name,
      status: 'ok',
      message: "Local nodes have networks of their own: this machine's ports are not needed.",
    };
  if (engine.answers && engine.isSwarmNode)
    return { name, status: 'ok', message: "This machine's engine is a swarm node and has its ports." };
  if (!listening) return { name, status: 'unknown', message: 'The ports of this machine cannot be read.' };
  const taken = swarmPorts.filter((port) => listening.includes(port));
  if (taken.length === 0)
    return {
      name,
      status: 'ok',
      message: `Free, should this machine become a node: ${swarmPorts.join(', ')}.`,
    };
  return {
    name,
    status: 'warn',
    message: `In use: ${taken.join(', ')}. This machine could not become a node itself; local nodes are not concerned.`,
    fix: `Find out by what: \`ss -lnp | grep -E '${taken.map((port) => `:${Number.parseInt(port, 10)}`).join('|')}'\`.`,
  };
};

/** The image of local nodes is 0.6 GB, and as much again is needed while it is built (tools/node-image.sh). */
const imageBytes = 1.2 * gibibyte;
/** What the volume of a node with the example app takes: 130 to 153 MB measured. */
const nodeBytes = 0.15 * gibibyte;
/** A checkpoint of a stack is some 100 KB, and each run writes several; below this it may end half-way. */
const stateBytes = 64 * mebibyte;

export const checkImageDisk: Check = (facts) => {
  const disk = facts.machine.disks.find(({ what }) => what === 'images');
  const comfort = imageBytes + nodeBytes * nodesOf(facts);
  return (
    disk &&
    judgeDisk('disk-engine', disk, {
      least: imageBytes / 2,
      comfort,
      fix: 'Make room: `docker system prune`.',
    })
  );
};

export const checkStateDisk: Check = ({ machine: { disks } }) => {
  const disk = disks.find(({ what }) => what === 'state');
  return (
    disk &&
    judgeDisk('disk-state', disk, { least: stateBytes, comfort: 4 * stateBytes, fix: 'Make room there.' })
  );
};

function judgeDisk(
  name: string,
  { path, freeBytes }: Disk,
  { least, comfort, fix }: { least: number; comfort: number; fix: string },
) {
  if (freeBytes === undefined)
    return {
      name,
      status: 'unknown' as const,
      message: `How much room is in ${path} can't be seen from here.`,
    };
  const free = `${formatBytes(freeBytes)} free in ${path}`;
  if (freeBytes >= comfort) return { name, status: 'ok' as const, message: `${free}.` };
  const status = freeBytes < least ? ('fail' as const) : ('warn' as const);
  return {
    name,
    status,
    message: `${free}; ${formatBytes(status === 'fail' ? least : comfort)} should be there.`,
    fix,
  };
}

/** 64 one-node swarms took 3.8 GB together. */
const nodeMemoryBytes = 60 * mebibyte;
/** What swarmctl, Pulumi and the providers take while a cluster is worked on: 0.83 GB measured for one, 1.84 for two. */
const runMemoryBytes = 0.9 * gibibyte;
/** The default of `--parallel`. */
const clustersAtOnce = 8;

export const checkMemory: Check = (facts) => {
  const name = 'memory';
  const { availableMemoryBytes: available } = facts.machine;
  const clusters = facts.fleet?.clusters.length ?? usualFleet.clusters;
  const isLocal = (facts.fleet?.target ?? 'local') === 'local';
  const nodes = isLocal ? nodesOf(facts) : 0;
  const least = nodes * nodeMemoryBytes + runMemoryBytes;
  const comfort = least + (Math.min(clusters, clustersAtOnce) - 1) * runMemoryBytes;
  if (available >= comfort) return { name, status: 'ok', message: `${formatBytes(available)} available.` };
  const [status, need] = available < least ? (['fail', least] as const) : (['warn', comfort] as const);
  const taken = formatBytes(need);
  const work = isLocal
    ? `${nodes} nodes and the work on them take ${taken}, the apps not counted`
    : `the work on the clusters takes ${taken}`;
  const less =
    status === 'warn' ? 'Use a lower --parallel, or give' : isLocal ? 'Use fewer nodes, or give' : 'Give';
  return {
    name,
    status,
    message: `${formatBytes(available)} available; ${work}.`,
    fix: `${less} the machine more memory.`,
  };
};

/** Without a fleet file: that of the quickstart. */
const usualFleet = { clusters: 2, nodes: 6 };

function nodesOf({ fleet }: Facts): number {
  return (
    fleet?.clusters.reduce((sum, { managers, workers }) => sum + managers + workers, 0) ?? usualFleet.nodes
  );
}

export const checkSockets: Check = ({ machine: { staleSockets } }) => {
  const name = 'ssh-sockets';
  if (staleSockets.length === 0) return { name, status: 'ok', message: 'No dead control socket of OpenSSH.' };
  return {
    name,
    status: 'warn',
    message: `Nothing listens any more on ${staleSockets.join(', ')}: ssh to that host may fail or hang.`,
    fix: `rm ${staleSockets.join(' ')}`,
  };
};

function formatBytes(bytes: number): string {
  return bytes >= gibibyte ? `${(bytes / gibibyte).toFixed(1)} GB` : `${Math.round(bytes / mebibyte)} MB`;
}
