import { isPast, readStackTasks } from '../docker/stack-tasks.ts';
import type { ClusterAnswer, TaskReport } from '../report/answers.ts';
import type { AskedCluster } from './ask-clusters.ts';
import { namedServices } from './named-services.ts';

/** The services of a cluster and their tasks. */
export interface ClusterTasks {
  services: string[];
  tasks: TaskReport[];
}

/** @param options.all whether tasks that the swarm does not want to run any more are told too. */
export async function clusterTasks(
  { fleet, swarm }: AskedCluster,
  { all }: { all: boolean },
): Promise<ClusterTasks> {
  const { services, tasks } = await readStackTasks(swarm, fleet.name);
  return {
    services: services.map(({ name }) => name),
    tasks: tasks
      .filter((task) => all || !isPast(task))
      .map(({ slot: _, containerId: __, memoryLimitBytes: ___, ...report }) => report),
  };
}

/**
 * The tasks of some services in the clusters that answered, those of all where none is named.
 * @throws SwarmctlError `not-found` for a name that no service of any cluster has.
 */
export function onlyServices(
  answers: readonly ClusterAnswer<ClusterTasks>[],
  stack: string,
  names: readonly string[],
): ClusterAnswer<Pick<ClusterTasks, 'tasks'>>[] {
  const known = [...new Set(answers.flatMap(({ services = [] }) => services))].sort();
  const wanted = new Set(namedServices(stack, names, known));
  return answers.map((answer) => {
    if (!answer.tasks) return answer;
    const { services: _, tasks, ...cluster } = answer;
    return { ...cluster, tasks: tasks.filter(({ service }) => wanted.has(service)) };
  });
}
