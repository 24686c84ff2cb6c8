import { onTestFinished } from 'vitest';
import { type ConvergenceOptions, waitForConvergence } from './convergence.ts';
import type { TaskSpec } from './engine-spec.ts';
import { answer, manager, type Script, startEngine } from './scripted-engine.ts';
import { openSwarm } from './swarm.ts';
import type { Task } from './tasks.ts';

interface Moment {
  update?: { State: string; Message?: string };
  tasks: Task[];
}

/** A service without a health check has to stay up for this long, in nanoseconds: here hardly at all. */
const briefly = 1_000_000;
export const template: TaskSpec = { ContainerSpec: { Image: 'web:2', Labels: {} }, ForceUpdate: 0 };
export const older: TaskSpec = { ContainerSpec: { Image: 'web:1', Labels: {} }, ForceUpdate: 0 };

export function task(ID: string, State: string, rest: Partial<Task> = {}): Task {
  const DesiredState = State === 'failed' ? 'shutdown' : 'running';
  const common = { ServiceID: 'web', NodeID: 'node-1', Slot: 1, Spec: template, DesiredState };
  return { ID, CreatedAt: `2026-11-21T10:00:00.${ID}Z`, ...common, Status: { State }, ...rest };
}

export interface ScriptedService {
  moments: [Moment, ...Moment[]];
  mode?: object;
  /** Changes to the task template and the settings of its updates. */
  taskTemplate?: TaskSpec;
  monitor?: number;
  /** Of a job. */
  iteration?: number;
  logs?: Script;
}

/** For tests: plays the moments, one each time that the service is read, and waits for it to converge. */
export async function converge(service: ScriptedService, options: Partial<ConvergenceOptions> = {}) {
  const { moments, mode = { Replicated: { Replicas: 1 } }, monitor = briefly } = service;
  let now: Moment = moments[0];
  let reads = 0;
  const read = () => {
    now = moments[Math.min(reads++, moments.length - 1)] ?? now;
    const TaskTemplate = service.taskTemplate ?? template;
    const Spec = { Name: 'shop_web', TaskTemplate, Mode: mode, UpdateConfig: { Monitor: monitor } };
    const JobStatus = { JobIteration: { Index: service.iteration ?? 0 } };
    return answer({ ID: 'web', Spec, JobStatus, ...(now.update ? { UpdateStatus: now.update } : {}) });
  };
  const tasks = () => answer(now.tasks);
  const engine = await startEngine({ ...manager, '/services/web': read, '/tasks': tasks, ...service.logs });
  const swarm = openSwarm([engine.endpoint]);
  onTestFinished(() => swarm.close());
  const progress: string[] = [];
  await waitForConvergence(swarm, 'web', {
    name: 'shop_web',
    deadlineMs: 60_000,
    change: 'updated',
    earlierFailures: new Set<string>(),
    onProgress: (text) => progress.at(-1) !== text && progress.push(text),
    ...options,
  });
  return { progress, reads };
}
