import { SwarmctlError } from '../errors.ts';
import type { RestartPolicy, ServiceMode } from './engine-spec.ts';
import type { Swarm } from './swarm.ts';
import { isFailed, type Task, taskEvidence } from './tasks.ts';

/** A service whose tasks run to their end, as far as its progress depends on it. */
export interface JobService {
  Spec: { Name: string; Mode?: ServiceMode; TaskTemplate: { RestartPolicy?: RestartPolicy } };
  /** Each change of the service starts the job anew, under the next number. */
  JobStatus?: { JobIteration?: { Index: number } };
}

/** How far a job has come. */
export interface JobProgress {
  /** Slots, or nodes, whose task has done its work. */
  completed: number;
  desired: number;
  /** The newest failed task of a slot that the swarm does not start again. */
  hopeless: Task | undefined;
}

/** A task that fails this often is not going to complete, where the restart policy says nothing of it. */
const defaultFailures = 3;

export function isJob({ Spec: { Mode = {} } }: JobService): boolean {
  return Mode.ReplicatedJob !== undefined || Mode.GlobalJob !== undefined;
}

/** @param tasks the service's tasks, newest first. */
export function jobProgress(service: JobService, tasks: readonly Task[]): JobProgress {
  const iteration = service.JobStatus?.JobIteration?.Index ?? 0;
  const present = tasks.filter(({ JobIteration }) => (JobIteration?.Index ?? 0) === iteration);
  const slots = [...Map.groupBy(present, slotOf).values()];
  const unfinished = slots.filter((slot) => !slot.some(isComplete));
  return {
    completed: slots.length - unfinished.length,
    desired: desiredTasks(service, slots.length),
    hopeless: unfinished.map((slot) => hopelessTask(service, slot)).find(Boolean),
  };
}

/** @throws SwarmctlError `service-failed` with the task's error and last log lines. */
export async function failHopelessJob(swarm: Swarm, name: string, { hopeless }: JobProgress): Promise<void> {
  if (!hopeless) return;
  throw new SwarmctlError('service-failed', `A task of job ${name} failed and is not started again.`, {
    details: await taskEvidence(swarm, hopeless),
    hint: 'Fix the cause and run swarmctl up again.',
  });
}

/** A global job has a task for each node that fits; the swarm makes all of them at once. */
function desiredTasks({ Spec: { Mode = {} } }: JobService, slots: number): number {
  const { ReplicatedJob } = Mode;
  if (!ReplicatedJob) return Math.max(1, slots);
  return ReplicatedJob.TotalCompletions ?? ReplicatedJob.MaxConcurrent ?? 1;
}

function hopelessTask({ Spec }: JobService, slot: readonly Task[]): Task | undefined {
  const { Condition, MaxAttempts = 0 } = Spec.TaskTemplate.RestartPolicy ?? {};
  const attempts = MaxAttempts > 0 ? MaxAttempts + 1 : defaultFailures;
  const failed = slot.filter(isFailed);
  return failed.length >= (Condition === 'none' ? 1 : attempts) ? failed[0] : undefined;
}

function isComplete({ Status }: Task): boolean {
  return Status.State === 'complete';
}

function slotOf({ Slot, NodeID }: Task): string {
  return Slot === undefined ? `node ${NodeID}` : `slot ${Slot}`;
}
