import { isIPv6 } from 'node:net';
import type { NodeReport, ServiceReport } from '../report/report.ts';
import type { ServiceMode } from './engine-spec.ts';
import { nodeName } from './node-name.ts';
import { scaledOf } from './scale-label.ts';
import type { Swarm } from './swarm.ts';
import type { Task } from './tasks.ts';
import { zoneLabel } from './zones.ts';

/** What runs in a swarm right now. */
export interface ClusterState {
  nodes: NodeReport[];
  services: ServiceReport[];
  /** Where published TCP ports answer. */
  urls: string[];
}

interface LiveNode {
  ID: string;
  Spec: {
    Role: NodeReport['role'];
    Availability: NodeReport['availability'];
    Labels?: Record<string, string>;
  };
  Description: { Hostname: string; Engine: { EngineVersion: string } };
  Status: { State: string; Addr: string };
  ManagerStatus?: { Leader?: boolean; Addr: string };
}

interface LiveService {
  ID: string;
  Spec: {
    Name: string;
    Labels?: Record<string, string>;
    Mode?: ServiceMode;
    TaskTemplate: { ContainerSpec?: { Image?: string } };
  };
  Endpoint?: { Ports?: { Protocol?: string; PublishedPort?: number; PublishMode?: string }[] };
  ServiceStatus?: { RunningTasks: number; DesiredTasks: number; CompletedTasks?: number };
}

/** Asks a swarm for its nodes, and for the services of one stack with where they answer. */
export async function readClusterState(swarm: Swarm, stack: string): Promise<ClusterState> {
  const filters = { label: [`com.docker.stack.namespace=${stack}`] };
  const [nodes, services, tasks] = await Promise.all([
    listNodes(swarm),
    // The client passes on what it does not know: `status` adds the number of tasks.
    swarm.ask('listing the services', async (api) => {
      const options = { filters, status: true };
      return (await api.listServices(options)) as unknown as LiveService[];
    }),
    swarm.ask('listing the tasks', async (api) => (await api.listTasks({ filters })) as Task[]),
  ]);
  return {
    nodes: nodeReports(nodes),
    services: services.map(serviceReport).sort((a, b) => a.name.localeCompare(b.name)),
    urls: services.flatMap((service) => serviceUrls(service, nodes, tasks)).sort(),
  };
}

/** Asks a swarm for its nodes alone. */
export async function readNodes(swarm: Swarm): Promise<NodeReport[]> {
  return nodeReports(await listNodes(swarm));
}

function listNodes(swarm: Swarm): Promise<LiveNode[]> {
  return swarm.ask('listing the nodes', async (api) => (await api.listNodes()) as LiveNode[]);
}

function nodeReports(nodes: readonly LiveNode[]): NodeReport[] {
  return nodes.map(nodeReport).sort((a, b) => a.name.localeCompare(b.name));
}

export function nodeReport(node: LiveNode): NodeReport {
  const { Spec, Description, Status, ManagerStatus } = node;
  const zone = Spec.Labels?.[zoneLabel];
  return {
    name: nodeName(node),
    role: Spec.Role,
    leader: ManagerStatus?.Leader ?? false,
    state: Status.State,
    availability: Spec.Availability,
    engine: Description.Engine.EngineVersion,
    address: Status.Addr,
    ...(zone !== undefined && { zone }),
  };
}

/** A local image runs by its id; the stack's label keeps the name that the compose file gives it. */
export function serviceReport(service: LiveService): ServiceReport {
  const { Spec } = service;
  const scaled = scaledOf(Spec.Labels);
  return {
    name: Spec.Name,
    ...taskCounts(service),
    image: Spec.Labels?.['com.docker.stack.image'] ?? Spec.TaskTemplate.ContainerSpec?.Image ?? '',
    ...(scaled && { scaled }),
  };
}

/** Tasks of a job count as long as they run and when they have done their work. */
function taskCounts({ Spec, ServiceStatus }: LiveService): { running: number; desired: number } {
  const { RunningTasks = 0, DesiredTasks = 0, CompletedTasks = 0 } = ServiceStatus ?? {};
  const { ReplicatedJob, GlobalJob } = Spec.Mode ?? {};
  if (!ReplicatedJob && !GlobalJob) return { running: RunningTasks, desired: DesiredTasks };
  const desired = ReplicatedJob?.TotalCompletions ?? RunningTasks + CompletedTasks;
  return { running: RunningTasks + CompletedTasks, desired };
}

/** A port in host mode answers where a task runs, any other on every node. */
function serviceUrls({ ID, Endpoint }: LiveService, nodes: LiveNode[], tasks: Task[]): string[] {
  const running = tasks.filter(({ ServiceID, Status }) => ServiceID === ID && Status.State === 'running');
  const hosts = new Set(running.map(({ NodeID }) => NodeID));
  return (Endpoint?.Ports ?? []).flatMap(({ Protocol, PublishedPort, PublishMode }) => {
    if (Protocol !== 'tcp' || !PublishedPort) return [];
    const serving = PublishMode === 'host' ? nodes.filter((node) => hosts.has(node.ID)) : nodes;
    return serving.map((node) => `http://${addressOf(node)}:${PublishedPort}`);
  });
}

/** Of the leader itself the engine says 0.0.0.0. */
function addressOf({ Status, ManagerStatus }: LiveNode): string {
  const isOwn = Status.Addr === '0.0.0.0' || Status.Addr === '::';
  const address = (isOwn && ManagerStatus?.Addr.replace(/:\d+$/, '')) || Status.Addr;
  return isIPv6(address) ? `[${address}]` : address;
}
