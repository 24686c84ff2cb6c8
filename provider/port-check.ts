import { localState } from '../src/docker/engine.ts';
import type { Shell } from '../src/docker/shell.ts';
import { SwarmctlError } from '../src/errors.ts';
import { type MachineAddresses, resolveAddress } from './addresses.ts';
import { changedPaths } from './changed-paths.ts';
import { machineScript } from './machine-script.ts';
import type { Context, Resource } from './resource.ts';

export interface PortCheckInputs {
  /** The machines that have to reach each other. */
  machines: (Pick<MachineAddresses, 'endpoint' | 'advertiseAddress'> & { name: string })[];
}

type Machine = PortCheckInputs['machines'][number];

/** How long the machines have to reach each other, in seconds; each asks every half second. */
const probeSeconds = 15;
/** How long a shell may take to start besides. */
const startDeadlineMs = 40_000;

/** What a swarm needs (Docker manual, "Open protocols and ports between the hosts"). */
const ports = ['tcp 2377', 'tcp 7946', 'udp 7946', 'udp 4789'];

/** That machines reach each other on the ports of a swarm: tried before they are in one. */
export const portCheck: Resource<PortCheckInputs, PortCheckInputs> = {
  difference(state, inputs) {
    return { changes: changedPaths(state, inputs), replaces: [] };
  },

  async create(context, inputs) {
    await checkPorts(context, inputs.machines);
    return { id: 'ports', state: inputs };
  },

  async read(_context, _id, state) {
    return { inputs: state, state };
  },

  /** Machines that were tried before are members already: their ports are their engines'. */
  async update(context, _id, state, inputs) {
    const isNew = inputs.machines.some(({ name }) => !state.machines.some((before) => before.name === name));
    if (isNew) await checkPorts(context, inputs.machines);
    return inputs;
  },

  async delete() {},
};

interface Candidate extends Machine {
  shell: Shell;
  address: string;
  /** A member's engine has the ports itself: it answers on TCP, and not what it is asked on UDP. */
  isMember: boolean;
}

async function checkPorts(context: Context, machines: readonly Machine[]): Promise<void> {
  context.progress('trying the ports between the machines');
  const candidates = await Promise.all(machines.map((machine) => describe(context, machine)));
  checkApart(candidates);
  const pairs = candidates.flatMap((from) =>
    candidates
      .filter((to) => to !== from)
      .flatMap((to) => portsOf(to).map((port) => `${from.name} → ${to.name}: ${port}`)),
  );
  const missing = new Set(pairs);
  const { busy, isProbed } = await probeAll(context, candidates, missing);
  if (busy.length > 0) throw portsBusy(busy);
  const failed = pairs.filter((pair) => missing.has(pair) && isProbed(pair.split(' ')[0] ?? ''));
  if (failed.length > 0) throw portsClosed(failed);
}

/** One machine under two names would be told to join its own swarm. @throws SwarmctlError `config` */
export function checkApart(machines: readonly Pick<Candidate, 'name' | 'address'>[]): void {
  for (const [index, { name, address }] of machines.entries()) {
    const same = machines.slice(0, index).find((other) => other.address === address);
    if (same)
      throw new SwarmctlError(
        'config',
        `${same.name} and ${name} would be in the swarm at the same address, ${address}.`,
        {
          hint: 'If they are one machine, name it once; else say by `advertise` which address each has.',
        },
      );
  }
}

/** What of a machine's ports can be asked. */
function portsOf({ isMember }: Candidate): string[] {
  return isMember ? ports.filter((port) => port.startsWith('tcp 7946')) : ports;
}

async function describe(context: Context, machine: Machine): Promise<Candidate> {
  const shell = context.shell(machine.endpoint);
  const [address, isMember] = await Promise.all([
    resolveAddress(shell, machine.advertiseAddress),
    isInSwarm(context, machine.endpoint),
  ]);
  return { ...machine, shell, address, isMember };
}

async function isInSwarm(context: Context, endpoint: string): Promise<boolean> {
  try {
    return (await localState(context.engine(endpoint))) !== 'inactive';
  } catch (error) {
    if (error instanceof SwarmctlError && error.code === 'no-engine') return false;
    throw error;
  }
}

/**
 * Runs the probe on all machines at once, until every pair has answered or the time is over.
 * @param missing what has not answered yet; what answers is taken out.
 */
async function probeAll(context: Context, candidates: readonly Candidate[], missing: Set<string>) {
  const ended = new AbortController();
  const busy: string[] = [];
  const without = new Set<string>();
  const told = (from: Candidate) => (line: string) => {
    const [what, ...rest] = line.trim().split(' ');
    if (what === 'busy') busy.push(`${rest.join(' ')} on ${from.name}`);
    if (what === 'without') without.add(from.name);
    if (what === 'ok') missing.delete(`${from.name} → ${rest[0]}: ${rest.slice(1).join(' ')}`);
    if (missing.size === 0) ended.abort();
  };
  const probing = candidates.map(async (from) => {
    const others = candidates.filter((to) => to !== from).map(({ name, address }) => `${name}=${address}`);
    const script = probeScript([`${probeSeconds}`, from.isMember ? '0' : '1', ...others]);
    const signal = AbortSignal.any([ended.signal, context.signal]);
    const options = {
      what: 'trying ports',
      deadlineMs: probeSeconds * 1_000 + startDeadlineMs,
      signal,
      onLine: told(from),
    };
    const ran = await from.shell.run(script, options).catch((error: unknown) => {
      if (!ended.signal.aborted) throw error;
    });
    if (ran && ran.exitCode !== 0) throw probeFailed(from, ran.stderr);
  });
  try {
    await Promise.all(probing);
  } finally {
    ended.abort();
    await Promise.allSettled(probing);
  }
  return { busy, isProbed: (name: string) => !without.has(name) };
}

function probeFailed({ name }: Candidate, said: string): SwarmctlError {
  const details = said.trim().split('\n').slice(-3);
  return new SwarmctlError('node-failed', `The ports of ${name} could not be tried.`, { details });
}

/** Debian has Perl always; what has none is not tried. */
function probeScript(args: readonly string[]): string {
  const program = machineScript('port-probe.pl');
  return `command -v perl >/dev/null || { echo without; exit 0; }
program=$(cat <<'END-OF-PROBE'
${program}
END-OF-PROBE
)
exec perl -e "$program" -- ${args.join(' ')}`;
}

const firewallHint =
  'Open 2377/tcp, 7946/tcp, 7946/udp and 4789/udp between the machines: in their own firewalls (`ufw allow`, `firewall-cmd --add-port`, nftables) and in the network between them. If they reach each other at other addresses, say so by `advertise`.';

function portsClosed(details: string[]): SwarmctlError {
  return new SwarmctlError(
    'unreachable',
    'The machines do not reach each other on all ports that a swarm needs.',
    {
      details,
      hint: firewallHint,
    },
  );
}

function portsBusy(busy: string[]): SwarmctlError {
  return new SwarmctlError(
    'conflict',
    `Ports that a swarm needs are taken by other programs: ${busy.join(', ')}.`,
    {
      hint: 'See by which, with `ss -lnp` on the machine, and stop them.',
    },
  );
}
