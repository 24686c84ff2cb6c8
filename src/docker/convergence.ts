import { SwarmctlError } from '../errors.ts';
import { waitUntil } from './deadline.ts';
import type { ServiceMode, TaskSpec } from './engine-spec.ts';
import { failHopelessJob, isJob, type JobService, jobProgress } from './job.ts';
import { hasTemplate } from './service-spec.ts';
import type { Swarm } from './swarm.ts';
import { describeTask, isFailed, listTasks, type Task, taskEvidence } from './tasks.ts';

export interface ConvergenceOptions {
  /** The service's name, for errors. */
  name: string;
  /** Milliseconds until `timeout`. */
  deadlineMs: number;
  /** What was just done to the service; the swarm's word on an update counts when it is about this one. */
  change: 'made' | 'updated' | 'none';
  /** Ids of tasks that had failed before: what they did does not count. */
  earlierFailures: ReadonlySet<string>;
  signal?: AbortSignal;
  onProgress(text: string): void;
}

/** A service as the Engine API gives it, as far as convergence depends on it. */
interface ServiceState extends JobService {
  Spec: {
    Name: string;
    TaskTemplate: TaskSpec;
    Mode?: ServiceMode;
    UpdateConfig?: { Monitor?: number };
  };
  UpdateStatus?: { State?: string; Message?: string };
}

interface Observation {
  service: ServiceState;
  /** Tasks that the swarm wants to run and that have the service's present spec. */
  current: Task[];
  /** Tasks of an older spec that still run. */
  outdated: Task[];
  failed: Task[];
  desired: number;
}

/** A task that fails this often in the same slot is not going to run. */
const failuresPerSlot = 3;
/** How long a task without a health check has to stay up, when the service says nothing: Docker's own `monitor`. */
const defaultMonitorMs = 5_000;
/** How long the swarm may take to say that it has begun an update, in milliseconds. */
const updateStartMs = 1_000;
/** How long the tasks of the previous version may take to run again, after the swarm has said that it went back. */
const rollbackSettleMs = 30_000;

/** Ids of the service's tasks that have failed until now. */
export async function failedTasks(swarm: Swarm, serviceId: string): Promise<Set<string>> {
  const tasks = await listTasks(swarm, serviceId);
  return new Set(tasks.filter(isFailed).map(({ ID }) => ID));
}

/**
 * Waits until every task that the service asks for runs with its present spec (is healthy, when it has a health
 * check), and the swarm's rolling update has ended; for a job, until every task has completed.
 * @throws SwarmctlError `service-failed` early, when a task keeps failing or the swarm pauses the update, with the
 * task's error and last log lines; `rolled-back` when the swarm went back to the previous spec; `timeout`.
 */
export async function waitForConvergence(
  swarm: Swarm,
  serviceId: string,
  options: ConvergenceOptions,
): Promise<void> {
  const { name, deadlineMs, signal, onProgress, change, earlierFailures } = options;
  let seen = '';
  let running: { tasks: string; since: number } | undefined;
  let rolledBackSince: number | undefined;

  const tell = (text: string) => {
    seen = text;
    onProgress(text);
  };

  const check = async (): Promise<true | undefined> => {
    const { service, tasks: all } = await read(swarm, serviceId);
    // Each change of a job is a run of its own, so what failed in this one is its failure, whenever that was.
    if (isJob(service)) return checkJob(swarm, service, all, tell);
    const observation = observe(
      service,
      all.filter(({ ID }) => !earlierFailures.has(ID)),
    );
    tell(describe(observation));
    await failEarly(swarm, observation, change);
    if (change === 'updated' && isRolledBack(observation)) {
      rolledBackSince ??= performance.now();
      const hasSettled = isConverged(observation) || performance.now() - rolledBackSince >= rollbackSettleMs;
      if (hasSettled) throw await rolledBack(swarm, observation);
      return undefined;
    }
    const tasks = runningTasks(observation);
    if (tasks === undefined) running = undefined;
    else if (tasks !== running?.tasks) running = { tasks, since: performance.now() };
    if (!running || isMoving(observation)) return undefined;
    const stableMs = Math.max(monitorMs(observation.service), change === 'updated' ? updateStartMs : 0);
    return performance.now() - running.since >= stableMs ? true : undefined;
  };

  await waitUntil(`The convergence of service ${name}`, check, { deadlineMs, signal, describe: () => seen });
}

async function read(swarm: Swarm, serviceId: string): Promise<{ service: ServiceState; tasks: Task[] }> {
  const service = await swarm.ask(
    `reading service ${serviceId}`,
    async (api) => (await api.getService(serviceId).inspect()) as ServiceState,
  );
  return { service, tasks: await listTasks(swarm, serviceId) };
}

async function checkJob(
  swarm: Swarm,
  service: ServiceState,
  tasks: Task[],
  tell: (text: string) => void,
): Promise<true | undefined> {
  const progress = jobProgress(service, tasks);
  tell(`${progress.completed}/${progress.desired} completed`);
  await failHopelessJob(swarm, service.Spec.Name, progress);
  return progress.completed === progress.desired ? true : undefined;
}

function observe(service: ServiceState, tasks: Task[]): Observation {
  const isPresent = (task: Task) => hasTemplate(task.Spec, service.Spec.TaskTemplate);
  const wanted = tasks.filter((task) => task.DesiredState === 'running');
  const current = wanted.filter(isPresent);
  return {
    service,
    current,
    outdated: wanted.filter((task) => !isPresent(task)),
    failed: tasks.filter((task) => isFailed(task) && isPresent(task)),
    desired: service.Spec.Mode?.Replicated?.Replicas ?? Math.max(1, current.length),
  };
}

/** States in which the swarm still moves tasks, to the new spec or back to the old one. */
const movingStates = new Set(['updating', 'rollback_started']);

function isMoving({ service }: Observation): boolean {
  return movingStates.has(service.UpdateStatus?.State ?? '');
}

/**
 * Which tasks run, when all that are wanted do and none of an older spec is left. The swarm still watches them then:
 * its watching and ours are one.
 */
function runningTasks({ current, outdated, desired }: Observation): string | undefined {
  if (outdated.length > 0 || current.length !== desired || !current.every(isRunning)) return undefined;
  return current
    .map(({ ID }) => ID)
    .sort()
    .join();
}

function isConverged(observation: Observation): boolean {
  return !isMoving(observation) && runningTasks(observation) !== undefined;
}

function isRunning(task: Task): boolean {
  return task.Status.State === 'running';
}

/** A health check vouches for a running task; without one it has to stay up for a while. */
function monitorMs({ Spec }: ServiceState): number {
  const test = Spec.TaskTemplate.ContainerSpec.Healthcheck?.Test ?? [];
  if (test.length > 0 && test[0] !== 'NONE') return 0;
  const monitor = Spec.UpdateConfig?.Monitor;
  return monitor ? monitor / 1_000_000 : defaultMonitorMs;
}

function describe({ service, current, desired }: Observation): string {
  const running = current.filter(isRunning).length;
  const status = service.UpdateStatus?.State;
  const update = status && status !== 'completed' ? `, ${status.replace('_', ' ')}` : '';
  // Why the scheduler does not place a task: `no suitable node (host-mode port already in use on 1 node)`.
  const obstacle = current.find((task) => !isRunning(task) && task.Status.Err)?.Status.Err;
  return `${running}/${desired} running${update}${obstacle ? `; ${obstacle}` : ''}`;
}

async function failEarly(
  swarm: Swarm,
  observation: Observation,
  change: ConvergenceOptions['change'],
): Promise<void> {
  const { service, failed } = observation;
  const { State: state = '', Message: reason = '' } = service.UpdateStatus ?? {};
  const { Name: name } = service.Spec;
  if (change === 'updated' && (state === 'paused' || state === 'rollback_paused')) {
    throw await failure(swarm, service, `The swarm paused the update of service ${name}: ${reason}`, failed);
  }
  const hopeless = repeatedlyFailed(observation);
  if (hopeless) throw await failure(swarm, service, `A task of service ${name} keeps failing.`, [hopeless]);
}

function isRolledBack({ service }: Observation): boolean {
  return service.UpdateStatus?.State === 'rollback_completed';
}

async function rolledBack(swarm: Swarm, observation: Observation): Promise<SwarmctlError> {
  const { service, current, desired } = observation;
  const running = current.filter(isRunning).length;
  return new SwarmctlError(
    'rolled-back',
    `The swarm rolled service ${service.Spec.Name} back to its previous version: ${service.UpdateStatus?.Message}`,
    {
      details: await evidence(swarm, service),
      hint: `The previous version runs, ${running} of ${desired} tasks. Fix the cause and run swarmctl up again.`,
    },
  );
}

async function failure(
  swarm: Swarm,
  service: ServiceState,
  message: string,
  failed: Task[],
): Promise<SwarmctlError> {
  return new SwarmctlError('service-failed', message, {
    details: failed[0] ? await taskEvidence(swarm, failed[0]) : await evidence(swarm, service),
    hint: 'Fix the cause and run swarmctl up again.',
  });
}

/** The newest failed task of a slot that failed too often and runs nothing now. */
function repeatedlyFailed({ failed, current }: Observation): Task | undefined {
  const alive = new Set(current.filter(isRunning).map(slotOf));
  const bySlot = Map.groupBy(failed, slotOf);
  for (const [slot, tasks] of bySlot)
    if (tasks.length >= failuresPerSlot && !alive.has(slot)) return tasks[0];
  return undefined;
}

function slotOf(task: Task): string {
  return task.Slot === undefined ? `node ${task.NodeID}` : `slot ${task.Slot}`;
}

/**
 * After a rollback the failed task has a spec that the service no longer has: the newest failure is the one. A task that
 * was stopped since its health check failed may have ended well; it is known by its spec.
 */
async function evidence(swarm: Swarm, service: ServiceState): Promise<string[]> {
  const tasks = await listTasks(swarm, service.Spec.Name);
  const isOfAnother = ({ Spec, Status }: Task) =>
    Boolean(Status.ContainerStatus?.ContainerID) && !hasTemplate(Spec, service.Spec.TaskTemplate);
  const failed = tasks.find(isFailed) ?? tasks.find(isOfAnother);
  return failed ? taskEvidence(swarm, failed) : tasks.slice(0, 3).map(describeTask);
}
