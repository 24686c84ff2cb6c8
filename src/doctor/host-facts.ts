import { openShell } from '../docker/shell.ts';
import { SwarmctlError } from '../errors.ts';
import type { Fleet, Host } from '../fleet/model.ts';
import { mapParallel } from '../pipeline/parallel.ts';
import { findVersion } from '../toolchain/versions.ts';
import { collectEngine } from './engine-facts.ts';
import type { AnsweringHost, HostFacts } from './facts.ts';
import { parseListeners } from './machine-facts.ts';

/** Milliseconds that a machine has to answer: as long as ssh takes to find that one is not there. */
const deadlineMs = 20_000;
/** Machines that are asked at the same time. */
const parallelHosts = 16;

/** Reads and changes nothing. What a user that is not root finds in no PATH is looked for, too. */
const script = `
PATH=$PATH:/usr/sbin:/sbin
by_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
echo "engine $(dockerd --version 2>/dev/null)"
by_root true 2>/dev/null && echo 'root yes' || echo 'root no'
echo "swarm $(docker info -f '{{.Swarm.LocalNodeState}}' 2>/dev/null || by_root docker info -f '{{.Swarm.LocalNodeState}}' 2>/dev/null)"
for table in tcp tcp6 udp udp6; do echo "ports $table"; cat /proc/net/$table 2>/dev/null; done
`;

/** Asks the machines that the fleet file names; undefined where the target makes its own. */
export async function collectHosts(fleet: Fleet | undefined): Promise<HostFacts[] | undefined> {
  if (fleet?.target !== 'hosts') return undefined;
  const hosts = fleet.clusters.flatMap((cluster) => cluster.hosts ?? []);
  return mapParallel(hosts, parallelHosts, (host) => collectHost(host));
}

async function collectHost({ name, endpoint }: Host): Promise<HostFacts> {
  if (!endpoint.startsWith('ssh://')) return { name, ...(await askEngine(endpoint)) };
  const shell = openShell(endpoint);
  try {
    const { stdout } = await shell.run(script, { what: 'looking at what is there', deadlineMs });
    return { name, ...parseHost(stdout) };
  } catch (error) {
    if (!(error instanceof SwarmctlError)) throw error;
    const { message, hint } = error;
    return { name, answers: false, message, ...(hint !== undefined && { hint }) };
  } finally {
    shell.close();
  }
}

/** All that is known of a machine without a shell is what its engine says. */
async function askEngine(endpoint: string) {
  const engine = await collectEngine(endpoint);
  return engine.answers
    ? { answers: true as const, engine: engine.version, isMember: engine.isSwarmNode }
    : engine;
}

/** What the script has said. */
export function parseHost(said: string): AnsweringHost {
  const [head = '', ...tables] = said.split(/^ports /m);
  const value = (key: string) => new RegExp(`^${key} (.*)$`, 'm').exec(head)?.[1] ?? '';
  const engine = findVersion(value('engine'));
  const listening = tables.flatMap((table) => {
    const [name = '', ...lines] = table.split('\n');
    return parseListeners(lines.join('\n'), name.startsWith('tcp') ? 'tcp' : 'udp');
  });
  return {
    answers: true,
    ...(engine !== undefined && { engine }),
    // One that is locked, say, is a member too.
    isMember: !['', 'inactive'].includes(value('swarm')),
    machine: { canBeRoot: value('root') === 'yes', listening },
  };
}
