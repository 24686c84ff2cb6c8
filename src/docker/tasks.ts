import type Dockerode from 'dockerode';
import type { TaskSpec } from './engine-spec.ts';
import { splitFrames } from './frames.ts';
import { healthOutput } from './health-output.ts';
import type { Swarm } from './swarm.ts';

/** A task as the Engine API gives it, as far as it is used here. */
export interface Task {
  ID: string;
  CreatedAt: string;
  ServiceID: string;
  NodeID?: string;
  /** Absent for tasks of global services. */
  Slot?: number;
  Spec: TaskSpec;
  /** Of tasks of jobs. */
  JobIteration?: { Index: number };
  DesiredState: string;
  Status: { State: string; Err?: string; ContainerStatus?: { ContainerID?: string; ExitCode?: number } };
}

const evidenceLines = 20;
const logDeadlineMs = 10_000;

/** The tasks of a service, newest first. */
export async function listTasks(swarm: Swarm, service: string): Promise<Task[]> {
  const tasks = await swarm.ask(
    `listing the tasks of service ${service}`,
    async (api) => (await api.listTasks({ filters: { service: [service] } })) as Task[],
  );
  return tasks.sort((a, b) => b.CreatedAt.localeCompare(a.CreatedAt));
}

export function isFailed(task: Task): boolean {
  return task.Status.State === 'failed' || task.Status.State === 'rejected';
}

/** Such as `task 8xk2p9 failed on node 3hv9: exit code 1 (task: non-zero exit (1))`. */
export function describeTask(task: Task): string {
  const where = task.NodeID ? ` on node ${task.NodeID.slice(0, 8)}` : '';
  const exit = task.Status.ContainerStatus?.ExitCode;
  const code = exit ? ` with exit code ${exit}` : '';
  return `task ${task.ID.slice(0, 8)} ${task.Status.State}${where}${code}${task.Status.Err ? `: ${task.Status.Err}` : ''}`;
}

/** What a failed task leaves behind: its error, what its last health check said, and the last lines of its log. */
export async function taskEvidence(swarm: Swarm, task: Task): Promise<string[]> {
  const [health, log] = await Promise.all([healthOutput(swarm, task), lastLogLines(swarm, task)]);
  return [describeTask(task), ...health, ...log];
}

/** Logs are evidence, not a condition: a node that does not give them is no further failure. */
async function lastLogLines(swarm: Swarm, task: Task): Promise<string[]> {
  if (!task.Status.ContainerStatus?.ContainerID) return [];
  try {
    const log = await swarm.ask(
      `reading the log of task ${task.ID}`,
      (api) => readLog(api, task.ID),
      logDeadlineMs,
    );
    return logLines(log).map((line) => `| ${line}`);
  } catch {
    return [];
  }
}

function readLog(api: Dockerode, taskId: string): Promise<Buffer> {
  // The client puts what is in `options` behind the question mark, and without any takes the last character off.
  const path = `/tasks/${taskId}/logs?`;
  const options = { stdout: 1, stderr: 1, tail: evidenceLines };
  return new Promise((resolve, reject) => {
    const statusCodes = { 200: true, 404: 'no such task', 500: 'server error', 503: 'no swarm' };
    api.modem.dial({ path, method: 'GET', isStream: true, statusCodes, options }, (error, stream) => {
      if (error) return reject(error);
      const chunks: Buffer[] = [];
      (stream as NodeJS.ReadableStream)
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('error', reject)
        .on('end', () => resolve(Buffer.concat(chunks)));
    });
  });
}

function logLines(log: Buffer): string[] {
  return splitFrames(log)
    .map(({ payload }) => payload.toString().trimEnd())
    .slice(-evidenceLines);
}
