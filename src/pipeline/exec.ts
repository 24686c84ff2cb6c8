import { openEngine } from '../docker/engine.ts';
import { type ExecOptions, type RunningCommand, startCommand } from '../docker/exec.ts';
import { readStackTasks, type StackTask } from '../docker/stack-tasks.ts';
import { SwarmctlError } from '../errors.ts';
import type { Fleet } from '../fleet/model.ts';
import type { ClusterAnswer } from '../report/answers.ts';
import type { AskedCluster } from './ask-clusters.ts';
import { machinesOf } from './machines.ts';
import { isNamed, namedServices } from './named-services.ts';

/** The services of a cluster, and the tasks that run there. */
export interface RunningTasks {
  services: string[];
  running: StackTask[];
}

/** A running task of a cluster. */
export interface Target {
  cluster: string;
  task: StackTask;
}

export interface Choice {
  service: string;
  /** A slot, a name such as `web.2`, or the beginning of an id. */
  task?: string | undefined;
  /** Name of a node. */
  node?: string | undefined;
}

export async function runningTasks({ fleet, swarm }: AskedCluster): Promise<RunningTasks> {
  const { services, tasks } = await readStackTasks(swarm, fleet.name);
  const running = tasks.filter(({ state, containerId }) => state === 'running' && containerId !== undefined);
  return { services: services.map(({ name }) => name), running };
}

/**
 * The running tasks of a service that a reader means, in the order of clusters and names.
 * @throws SwarmctlError `not-found` when there is no such service, or none of its tasks is meant and runs.
 */
export function chooseTargets(
  { name: stack }: Fleet,
  answers: readonly ClusterAnswer<RunningTasks>[],
  choice: Choice,
): Target[] {
  const known = [...new Set(answers.flatMap(({ services = [] }) => services))].sort();
  const [service = ''] = namedServices(stack, [choice.service], known);
  const all = answers.flatMap(({ name, running = [] }) =>
    running.filter((task) => task.service === service).map((task) => ({ cluster: name, task })),
  );
  const chosen = all.filter(({ task }) => isMeant(task, choice, stack));
  if (chosen.length > 0) return chosen;
  const asked = [choice.task && `--task ${choice.task}`, choice.node && `--node ${choice.node}`];
  const words = asked.filter(Boolean).join(' ');
  throw new SwarmctlError('not-found', `No task of service ${service} runs${words ? ` for ${words}` : ''}.`, {
    details: all.map(({ cluster, task }) => `${cluster}: ${task.name} on ${task.node}`),
    hint: `See \`swarmctl ps ${choice.service}\`.`,
  });
}

function isMeant(task: StackTask, { task: wanted, node }: Choice, stack: string): boolean {
  if (node !== undefined && task.node !== node) return false;
  if (wanted === undefined) return true;
  const isSlot = /^\d+$/.test(wanted) && task.slot === Number(wanted);
  return (
    isSlot || isNamed(task.name, wanted, stack) || (wanted.length >= shortestId && task.id.startsWith(wanted))
  );
}

/** Fewer letters could be meant as something else. */
const shortestId = 4;

/**
 * Runs a command in a task, over the engine of the node that the task runs on.
 * @param work what is done as long as it runs; the connection ends with it.
 */
export async function whileRunning<Result>(
  fleet: Fleet,
  { cluster, task }: Target,
  options: Omit<ExecOptions, 'container'>,
  work: (command: RunningCommand) => Promise<Result>,
): Promise<Result> {
  const engine = openEngine(endpointOf(fleet, cluster, task.node));
  let running: RunningCommand | undefined;
  try {
    running = await startCommand(engine, { ...options, container: task.containerId ?? '' });
    return await work(running);
  } finally {
    running?.close();
    engine.close();
  }
}

/** @throws SwarmctlError `not-found` for a node that the fleet file does not have. */
export function endpointOf(fleet: Fleet, clusterName: string, node: string): string {
  const cluster = fleet.clusters.find(({ name }) => name === clusterName);
  const machine = cluster && machinesOf(fleet, cluster).find(({ name }) => name === node);
  if (machine) return machine.endpoint;
  throw new SwarmctlError('not-found', `Node ${node} of ${clusterName} is not one of the fleet file's.`, {
    hint: 'Its engine cannot be reached from here.',
  });
}
