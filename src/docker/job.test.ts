import { describe, expect, test } from 'vitest';
import type { RestartPolicy, ServiceMode } from './engine-spec.ts';
import { isJob, jobProgress } from './job.ts';
import type { Task } from './tasks.ts';

function task(ID: string, State: string, rest: Partial<Task> = {}): Task {
  const Spec = { ContainerSpec: { Image: 'job:1', Labels: {} } };
  const common = { CreatedAt: '', ServiceID: 'job', NodeID: 'node-1', DesiredState: 'complete', Spec };
  return { ID, ...common, Status: { State }, ...rest };
}

function service(Mode: ServiceMode, RestartPolicy: RestartPolicy = {}) {
  return { Spec: { Name: 'shop_job', Mode, TaskTemplate: { RestartPolicy } } };
}

test('a service is a job by its mode', () => {
  expect([{}, { Replicated: {} }, { Global: {} }].map((mode) => isJob(service(mode)))).toEqual([
    false,
    false,
    false,
  ]);
  expect([{ ReplicatedJob: {} }, { GlobalJob: {} }].map((mode) => isJob(service(mode)))).toEqual([
    true,
    true,
  ]);
});

describe('a job of several tasks', () => {
  const job = service({ ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 3 } });

  test('is as far as slots have a completed task', () => {
    const tasks = [
      task('4', 'running', { Slot: 2 }),
      task('3', 'complete', { Slot: 1 }),
      task('2', 'failed', { Slot: 1 }),
      task('1', 'complete', { Slot: 0 }),
    ];
    expect(jobProgress(job, tasks)).toEqual({ completed: 2, desired: 3, hopeless: undefined });
  });

  test('does not count the tasks of before its last change', () => {
    const changed = { ...job, JobStatus: { JobIteration: { Index: 2 } } };
    const tasks = [
      task('2', 'complete', { Slot: 0, JobIteration: { Index: 2 } }),
      task('1', 'complete', { Slot: 1, JobIteration: { Index: 1 } }),
    ];
    expect(jobProgress(changed, tasks)).toMatchObject({ completed: 1, desired: 3 });
  });
});

test('a job of no tasks is done, and one that says nothing has one', () => {
  const none = service({ ReplicatedJob: { MaxConcurrent: 0, TotalCompletions: 0 } });
  expect(jobProgress(none, [])).toMatchObject({ completed: 0, desired: 0 });
  expect(jobProgress(service({ ReplicatedJob: {} }), [])).toMatchObject({ completed: 0, desired: 1 });
});

test('a job on each node has as many tasks as the swarm makes, and at least one', () => {
  const job = service({ GlobalJob: {} });
  const tasks = [task('1', 'complete', { NodeID: 'node-1' }), task('2', 'starting', { NodeID: 'node-2' })];
  expect(jobProgress(job, [])).toMatchObject({ completed: 0, desired: 1 });
  expect(jobProgress(job, tasks)).toMatchObject({ completed: 1, desired: 2 });
});

test.each<[string, RestartPolicy, number]>([
  ['once, when nothing is started again', { Condition: 'none' }, 1],
  ['once more than it may be started again', { Condition: 'on-failure', MaxAttempts: 4 }, 5],
  ['three times, when there is no limit', { Condition: 'on-failure' }, 3],
])('a task is given up when it has failed %s', (_, policy, failures) => {
  const job = service({ ReplicatedJob: {} }, policy);
  const tasks = Array.from({ length: failures }, (_, index) => task(`${index}`, 'failed', { Slot: 0 }));
  expect(jobProgress(job, tasks.slice(1)).hopeless).toBeUndefined();
  expect(jobProgress(job, tasks).hopeless?.ID).toBe('0');
  expect(jobProgress(job, [task('9', 'complete', { Slot: 0 }), ...tasks]).hopeless).toBeUndefined();
});
