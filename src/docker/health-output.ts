import { localNodeEndpoint } from './endpoint.ts';
import { openEngine } from './engine.ts';
import type { Swarm } from './swarm.ts';
import type { Task } from './tasks.ts';

const shownLines = 5;

interface HealthState {
  Log?: { ExitCode: number; Output: string }[];
}

/**
 * What the last health check of a task said that has one. The swarm does not tell it, only the task's node; one that
 * does not give it is no further failure.
 */
export async function healthOutput(swarm: Swarm, { ID, NodeID, Spec, Status }: Task): Promise<string[]> {
  const container = Status.ContainerStatus?.ContainerID;
  if (!container || !NodeID || !Spec.ContainerSpec.Healthcheck?.Test?.length) return [];
  try {
    const node = await swarm.ask(`reading node ${NodeID}`, (api) => api.getNode(NodeID).inspect());
    const last = (await readHealth(node.Description.Hostname, container)).Log?.at(-1);
    if (!last || last.ExitCode === 0) return [];
    const lines = last.Output.trim().split('\n').slice(-shownLines);
    return [
      `health check of task ${ID.slice(0, 8)} ended with exit code ${last.ExitCode}`,
      ...lines.filter((line) => line !== '').map((line) => `| ${line}`),
    ];
  } catch {
    return [];
  }
}

async function readHealth(node: string, container: string): Promise<HealthState> {
  const engine = openEngine(localNodeEndpoint(node));
  try {
    const { State } = await engine.ask('reading a container', (api) => api.getContainer(container).inspect());
    return (State as { Health?: HealthState }).Health ?? {};
  } finally {
    engine.close();
  }
}
