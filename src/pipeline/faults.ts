import { X509Certificate } from 'node:crypto';
import type { LiveSwarm, SwarmNode, SwarmService } from '../docker/live-swarm.ts';
import type { NodeHealth } from '../docker/node-health.ts';
import { nodeName } from '../docker/node-name.ts';
import { quorumOf } from '../docker/quorum.ts';
import type { DriftField, DriftFinding, ServiceReport } from '../report/report.ts';

/** Everything that faults are seen in. */
export interface Health {
  live: LiveSwarm;
  /** With the tasks that run and those that should, by the names of services. */
  services: readonly ServiceReport[];
  nodes: readonly NodeHealth[];
  /** For how long the certificates of managers are valid, by the names of the nodes. */
  certificates: ReadonlyMap<string, { from: Date; to: Date }>;
  /** When the last run began that brought the cluster to what was wanted. */
  settled: Date | undefined;
  /** Names of the nodes that the state holds. */
  known: ReadonlySet<string>;
  /** Engine version of the fleet file, a major or exact. */
  engine: string;
  now: Date;
}

const dayMs = 24 * 3600 * 1000;
const authorityDays = 30;
/**
 * A node renews its certificate by itself after 50 % to 80 % of its time (swarmkit ca/renewer.go): in the last tenth
 * it has failed to.
 */
const certificateShare = 0.1;
/** Logs and events of nodes are read by time: more than this mixes up what came first. */
const clockToleranceMs = 2_000;

/** What is wrong with a cluster that no field of a resource shows. */
export function findFaults(health: Health): DriftFinding[] {
  return [
    ...health.live.nodes.flatMap((node) => nodeFaults(node, health)),
    ...quorumFaults(health.live.nodes),
    ...engineFaults(health),
    ...settingFaults(health.nodes),
    ...clockFaults(health.nodes),
    ...imageFaults(health),
    ...health.live.services.flatMap((service) => serviceFaults(service, health)),
    ...certificateFaults(health),
  ];
}

export function fault(
  type: string,
  name: string,
  check: string,
  found: Partial<Omit<DriftFinding, 'kind' | 'type' | 'name' | 'check' | 'level'>>,
): DriftFinding {
  return { kind: 'fault', type, name, check, fields: [], level: 'problem', ...found };
}

function nodeFaults(node: SwarmNode, health: Health): DriftFinding[] {
  const { Spec, Status, ManagerStatus } = node;
  const name = nodeName(node);
  const faults: DriftFinding[] = [];
  if (!health.known.has(name)) {
    const message = 'is in the swarm and not in the state';
    faults.push(fault('Node', name, 'unknown', { message, fields: [{ path: 'role', found: Spec.Role }] }));
  }
  const { silence, engine } = health.nodes.find((one) => one.name === name) ?? {};
  if (engine?.isLocked) {
    const message = 'was restarted and waits for its unlock key: `swarmctl unlock`';
    return [...faults, fault('Node', name, 'locked', { message })];
  }
  if (Status.State !== 'ready') {
    const told = Status.Message ? { message: Status.Message } : {};
    faults.push(fault('Node', name, 'down', { ...told, fields: [field('state', 'ready', Status.State)] }));
  } else if (silence !== undefined) {
    faults.push(fault('Node', name, 'silent', { message: silence }));
  }
  if (ManagerStatus && ManagerStatus.Reachability !== 'reachable') {
    const fields = [field('manager', 'reachable', ManagerStatus.Reachability)];
    faults.push(fault('Node', name, 'unreachable', { fields }));
  }
  return faults;
}

/** Only told where a manager is lost: how many there are is the fleet file's business. */
function quorumFaults(nodes: readonly SwarmNode[]): DriftFinding[] {
  const managers = nodes.flatMap(({ ManagerStatus }) => ManagerStatus ?? []);
  const reachable = managers.filter(({ Reachability }) => Reachability === 'reachable').length;
  if (reachable === managers.length || reachable > quorumOf(managers.length)) return [];
  const fields = [field('reachable managers', managers.length, reachable)];
  return [fault('Swarm', 'managers', 'quorum', { message: 'with one more lost there is no quorum', fields })];
}

function engineFaults({ live, engine }: Health): DriftFinding[] {
  return live.nodes.flatMap((node) => {
    const { EngineVersion } = node.Description.Engine;
    const [version = ''] = EngineVersion.split(/[+~-]/);
    if (version === engine || version.startsWith(`${engine}.`)) return [];
    const fields = [field('engine', engine, EngineVersion)];
    return [fault('Node', nodeName(node), 'engine', { fields })];
  });
}

/** What most of the nodes have is what the others should have. */
function settingFaults(nodes: readonly NodeHealth[]): DriftFinding[] {
  const engines = nodes.flatMap(({ name, engine }) => (engine ? [{ name, ...engine }] : []));
  return engines.flatMap(({ name, version, settings }) => {
    const own = { version, ...settings };
    const fields = Object.entries(own).flatMap(([setting, value]) => {
      const usual = mostFrequent(engines.map((one) => ({ version: one.version, ...one.settings })[setting]));
      return usual === value ? [] : [field(setting, usual, value)];
    });
    const message = 'differs from the other nodes';
    return fields.length > 0 ? [fault('Node', name, 'daemon', { message, fields })] : [];
  });
}

function mostFrequent(values: readonly (string | undefined)[]): string | undefined {
  const counts = Map.groupBy(values, (value) => value);
  return [...counts].toSorted(([, one], [, other]) => other.length - one.length)[0]?.[0];
}

/** What is certain of two clocks is only how far apart they are at least. */
function clockFaults(nodes: readonly NodeHealth[]): DriftFinding[] {
  const clocks = nodes.flatMap(({ name, engine }) => (engine ? [{ name, ...engine.ahead }] : []));
  const [reference] = clocks;
  if (!reference) return [];
  return clocks.flatMap(({ name, least, most }) => {
    const apart = Math.max(least - reference.most, reference.least - most);
    if (apart <= clockToleranceMs) return [];
    const message = `is at least ${Math.round(apart / 1000)} s apart from the clock of ${reference.name}`;
    return [fault('Node', name, 'clock', { message })];
  });
}

/** Images that services name by their IDs, so that no registry can give them to a node. */
function imageFaults({ live, nodes }: Health): DriftFinding[] {
  const wanted = live.services.flatMap(({ Spec }) => {
    const id = Spec.TaskTemplate.ContainerSpec?.Image ?? '';
    return id.startsWith('sha256:') ? [{ id, name: Spec.Labels?.['com.docker.stack.image'] ?? id }] : [];
  });
  return nodes.flatMap(({ name, engine }) => {
    const lacking = new Set(
      wanted.filter(({ id }) => engine && !engine.images.has(id)).map((one) => one.name),
    );
    const fields = [...lacking].sort().map((image): DriftField => ({ path: 'image', expected: image }));
    return fields.length > 0 ? [fault('Node', name, 'image', { fields })] : [];
  });
}

/** How a rolling update ended that did not do what was asked for (moby api/types/swarm UpdateState). */
const failedUpdates = ['paused', 'rollback_started', 'rollback_paused', 'rollback_completed'];

function serviceFaults({ Spec, UpdateStatus }: SwarmService, { services, settled }: Health): DriftFinding[] {
  const faults: DriftFinding[] = [];
  const tasks = services.find(({ name }) => name === Spec.Name);
  if (tasks && tasks.running < tasks.desired) {
    const fields = [field('running', tasks.desired, tasks.running)];
    faults.push(fault('Service', Spec.Name, 'replicas', { fields }));
  }
  const { State = '', StartedAt, CompletedAt, Message } = UpdateStatus ?? {};
  const since = CompletedAt ?? StartedAt;
  if (failedUpdates.includes(State) && !isSettled(State, since, settled)) {
    const fields = [field('update', 'completed', State)];
    const told = { ...(Message && { message: Message }), ...(since && { since }) };
    faults.push(fault('Service', Spec.Name, 'update', { ...told, fields }));
  }
  return faults;
}

/** The engine tells of a rollback until the next update, also when what it went back to is what is wanted again. */
function isSettled(state: string, since: string | undefined, settled: Date | undefined): boolean {
  if (state !== 'rollback_completed' || !since || !settled) return false;
  return new Date(since) < settled;
}

function certificateFaults({ live, certificates, now }: Health): DriftFinding[] {
  const faults: DriftFinding[] = [];
  const root = live.info.TLSInfo?.TrustRoot;
  const end = root ? new Date(new X509Certificate(root).validTo) : undefined;
  if (end && end.getTime() - now.getTime() < authorityDays * dayMs) {
    const message = `the swarm's certificate authority ends ${end.toISOString()}: docker swarm ca --rotate`;
    faults.push(fault('Swarm', 'authority', 'certificate', { message }));
  }
  for (const [name, { from, to }] of certificates) {
    const left = to.getTime() - now.getTime();
    if (left > (to.getTime() - from.getTime()) * certificateShare) continue;
    const message = `its certificate ends ${to.toISOString()} and was not renewed`;
    faults.push(fault('Node', name, 'certificate', { message }));
  }
  return faults;
}

function field(path: string, expected: unknown, found: unknown): DriftField {
  return { path, expected, found };
}
