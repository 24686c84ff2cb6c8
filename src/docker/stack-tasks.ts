import type { TaskReport } from '../report/answers.ts';
import type { ServiceMode } from './engine-spec.ts';
import { nodeName } from './node-name.ts';
import type { Swarm } from './swarm.ts';
import type { Task } from './tasks.ts';

/** A task with what is needed to reach its container. */
export interface StackTask extends TaskReport {
  /** Number among the tasks of its service; absent in global services. */
  slot?: number;
  containerId?: string;
  /** Absent where it may take all of its node's. */
  memoryLimitBytes?: number;
}

/** The services and tasks of one stack, as they are now. */
export interface StackTasks {
  services: StackService[];
  /** By name, the newest first of those with the same. */
  tasks: StackTask[];
}

export interface StackService {
  id: string;
  name: string;
  mode: ServiceMode;
}

interface LiveService {
  ID: string;
  Spec: { Name: string; Labels?: Record<string, string>; Mode?: ServiceMode };
}

interface LiveTask extends Omit<Task, 'Status'> {
  Status: Task['Status'] & {
    Timestamp: string;
    PortStatus?: { Ports?: { PublishedPort?: number; TargetPort?: number; Protocol?: string }[] };
  };
}

/** Asks a swarm for all tasks of a stack that it still knows, past ones included. */
export async function readStackTasks(swarm: Swarm, stack: string): Promise<StackTasks> {
  const filters = { label: [`com.docker.stack.namespace=${stack}`] };
  const [nodes, services, tasks] = await Promise.all([
    swarm.ask('listing the nodes', (api) => api.listNodes()),
    swarm.ask('listing the services', (api) => api.listServices({ filters }) as Promise<unknown>),
    swarm.ask('listing the tasks', (api) => api.listTasks({ filters }) as Promise<unknown>),
  ]);
  const hostnames = new Map(nodes.map((node) => [node.ID ?? '', nodeName(node)]));
  const live = new Map((services as LiveService[]).map((service) => [service.ID, service]));
  const newestFirst = (tasks as LiveTask[]).sort((a, b) => b.CreatedAt.localeCompare(a.CreatedAt));
  return {
    services: [...live.values()]
      .map(({ ID, Spec }) => ({ id: ID, name: Spec.Name, mode: Spec.Mode ?? {} }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    tasks: newestFirst
      .flatMap((task) => stackTask(task, live.get(task.ServiceID), hostnames))
      .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })),
  };
}

/** A task of a service that has just been removed is none of the stack any more. */
function stackTask(
  task: LiveTask,
  service: LiveService | undefined,
  hostnames: ReadonlyMap<string, string>,
): StackTask[] {
  if (!service) return [];
  const { Slot, NodeID = '', Status, Spec } = task;
  const containerId = Status.ContainerStatus?.ContainerID;
  const memoryLimitBytes = Spec.Resources?.Limits?.MemoryBytes;
  return [
    {
      id: task.ID,
      name: `${service.Spec.Name}.${Slot ?? NodeID}`,
      service: service.Spec.Name,
      image: service.Spec.Labels?.['com.docker.stack.image'] ?? Spec.ContainerSpec.Image,
      node: hostnames.get(NodeID) ?? NodeID,
      desiredState: task.DesiredState,
      state: Status.State,
      since: Status.Timestamp,
      ...(Status.Err && { error: Status.Err }),
      ports: (Status.PortStatus?.Ports ?? []).map(
        ({ PublishedPort, TargetPort, Protocol = 'tcp' }) => `*:${PublishedPort}->${TargetPort}/${Protocol}`,
      ),
      ...(Slot === undefined ? {} : { slot: Slot }),
      ...(containerId ? { containerId } : {}),
      ...(memoryLimitBytes ? { memoryLimitBytes } : {}),
    },
  ];
}

/** Whether a task belongs to the past: the swarm does not want it to run any more. */
export function isPast({ desiredState }: Pick<TaskReport, 'desiredState'>): boolean {
  return ['shutdown', 'orphaned', 'remove'].includes(desiredState);
}
