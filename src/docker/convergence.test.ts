import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { TaskSpec } from './engine-spec.ts';
import { converge, older, type ScriptedService, task, template } from './scripted-service.ts';

/** Three failed tasks of one slot, as the engine lists them: in no order. */
const failures = [task('2', 'failed'), task('3', 'failed'), task('1', 'failed')];

function log(...lines: string[]): Buffer {
  return Buffer.concat(
    lines.map((line) => {
      const header = Buffer.alloc(8);
      header[0] = 1;
      header.writeUInt32BE(Buffer.byteLength(line), 4);
      return Buffer.concat([header, Buffer.from(line)]);
    }),
  );
}

test('a service has converged when all its tasks run, and says how far it is until then', async () => {
  const { progress } = await converge({
    mode: { Replicated: { Replicas: 2 } },
    moments: [
      { tasks: [] },
      { tasks: [task('1', 'preparing'), task('2', 'running', { Slot: 2 })] },
      { tasks: [task('1', 'running'), task('2', 'running', { Slot: 2 })] },
    ],
  });
  expect(progress).toEqual(['0/2 running', '1/2 running', '2/2 running']);
});

test('a health check vouches for a task: it is not watched any longer', async () => {
  const ContainerSpec = { ...template.ContainerSpec, Healthcheck: { Test: ['CMD', 'true'] } };
  const taskTemplate = { ...template, ContainerSpec };
  const running = { tasks: [task('1', 'running', { Spec: taskTemplate })] };
  const { reads } = await converge({ taskTemplate, monitor: 3600e9, moments: [running] }, { change: 'made' });
  expect(reads).toBe(1);
});

test('without one it has to stay up: the watch begins again when it falls', async () => {
  const running = { tasks: [task('1', 'running')] };
  const fallen = { tasks: [task('1', 'failed'), task('2', 'starting')] };
  const { reads } = await converge({ monitor: 300e6, moments: [running, fallen, running] });
  expect(reads).toBeGreaterThan(3);
});

test('the time for which the swarm itself watched its tasks counts', async () => {
  const tasks = [task('1', 'running')];
  const updating = { tasks, update: { State: 'updating' } };
  const { reads } = await converge(
    { monitor: 50e6, moments: [updating, updating, { tasks, update: { State: 'completed' } }] },
    { change: 'made' },
  );
  expect(reads).toBe(3);
});

test('a task in the place of another is watched from its own beginning', async () => {
  const [first, second] = [{ tasks: [task('1', 'running')] }, { tasks: [task('2', 'running')] }];
  const { reads } = await converge({ monitor: 150e6, moments: [first, second] }, { change: 'made' });
  const { reads: undisturbed } = await converge({ monitor: 150e6, moments: [first] }, { change: 'made' });
  expect(reads).toBe(undisturbed + 1);
});

test('a global service has as many tasks as the swarm gives it', async () => {
  const { progress } = await converge({
    mode: { Global: {} },
    moments: [
      { tasks: [task('1', 'running'), task('2', 'starting', { NodeID: 'node-2' })] },
      { tasks: [task('1', 'running'), task('2', 'running', { NodeID: 'node-2' })] },
    ],
  });
  expect(progress).toEqual(['1/2 running', '2/2 running']);
});

test('a service of no replicas has converged with none', async () => {
  const { progress } = await converge({ mode: { Replicated: { Replicas: 0 } }, moments: [{ tasks: [] }] });
  expect(progress).toEqual(['0/0 running']);
});

test('a job has converged when its tasks have completed, however often the job was run before', async () => {
  const before = task('1', 'complete', { JobIteration: { Index: 1 } });
  const { progress } = await converge({
    mode: { ReplicatedJob: {} },
    iteration: 2,
    moments: [
      { tasks: [before] },
      { tasks: [before, task('2', 'complete', { JobIteration: { Index: 2 } })] },
    ],
  });
  expect(progress).toEqual(['0/1 completed', '1/1 completed']);
});

test('a job whose task is not started again is a failure with the evidence', async () => {
  const taskTemplate: TaskSpec = { ...template, RestartPolicy: { Condition: 'none' } };
  const moments: ScriptedService['moments'] = [
    { tasks: [task('1', 'running')] },
    { tasks: [task('1', 'failed')] },
  ];
  const job = { mode: { ReplicatedJob: {} }, taskTemplate, moments };
  const failure = { code: 'service-failed', details: ['task 1 failed on node node-1'] };
  await expect(converge(job)).rejects.toMatchObject(failure);
  const again = converge(job, { change: 'none', earlierFailures: new Set(['1']) });
  await expect(again).rejects.toMatchObject(failure);
});

test('tasks of the spec before it and an update that goes on are waited for', async () => {
  const running = task('2', 'running');
  const { progress } = await converge({
    moments: [
      { tasks: [running, task('1', 'running', { Spec: older })] },
      { tasks: [running], update: { State: 'updating' } },
      { tasks: [running], update: { State: 'completed' } },
    ],
  });
  expect(progress).toEqual(['1/1 running', '1/1 running, updating', '1/1 running']);
});

test('a task that keeps failing is a failure with its error and its last log lines', async () => {
  const Status = { State: 'failed', Err: 'task: non-zero exit (3)' };
  const exited = { ...Status, ContainerStatus: { ContainerID: 'c3', ExitCode: 3 } };
  const tasks = [...failures.slice(0, 1), task('3', 'failed', { Status: exited }), ...failures.slice(2)];
  const logs = { '/tasks/3/logs': () => ({ status: 200, body: log('listening\n', 'no such table: µ\n') }) };
  await expect(converge({ moments: [{ tasks }], logs })).rejects.toMatchObject({
    code: 'service-failed',
    message: 'A task of service shop_web keeps failing.',
    details: [
      'task 3 failed on node node-1 with exit code 3: task: non-zero exit (3)',
      '| listening',
      '| no such table: µ',
    ],
  });
});

test('of a long log the last 20 lines are kept', async () => {
  const lines = Array.from({ length: 25 }, (_, index) => `line ${index + 1}`);
  const Status = { State: 'failed', ContainerStatus: { ContainerID: 'c3' } };
  const tasks = failures.map((failed) => ({ ...failed, Status }));
  const logs = { '/tasks/3/logs': () => ({ status: 200, body: log(...lines) }) };
  await expect(converge({ moments: [{ tasks }], logs })).rejects.toMatchObject({
    details: [expect.stringContaining('task 3'), ...lines.slice(5).map((line) => `| ${line}`)],
  });
});

test('a node that gives no log is no other failure', async () => {
  const Status = { State: 'rejected', Err: 'No such image', ContainerStatus: { ContainerID: 'c3' } };
  const tasks = failures.map((failed) => ({ ...failed, Status }));
  await expect(converge({ moments: [{ tasks }] })).rejects.toMatchObject({
    code: 'service-failed',
    details: ['task 3 rejected on node node-1: No such image'],
  });
});

test('tasks that failed before one that runs are forgiven', async () => {
  const { progress } = await converge({ moments: [{ tasks: [...failures, task('4', 'running')] }] });
  expect(progress).toEqual(['1/1 running']);
});

test('one failure in each of several slots is not a task that keeps failing', async () => {
  const slots = [1, 2, 3];
  const { progress } = await converge({
    mode: { Replicated: { Replicas: 3 } },
    moments: [
      { tasks: slots.map((Slot) => task(`${Slot}`, 'failed', { Slot })) },
      { tasks: slots.map((Slot) => task(`${Slot + 3}`, 'running', { Slot })) },
    ],
  });
  expect(progress).toEqual(['0/3 running', '3/3 running']);
});

describe('a rollback is a failure', () => {
  const Status = { State: 'failed', Err: 'task: non-zero exit (1)' };
  const failed = task('2', 'failed', { Spec: older, Status });
  const completed = { State: 'rollback_completed', Message: 'rollback completed' };
  const message = 'The swarm rolled service shop_web back to its previous version: rollback completed';

  test('not when it begins but when the tasks of the previous version run', async () => {
    const progress: string[] = [];
    const [back, starting] = [task('1', 'running'), task('1', 'starting')];
    const moments: ScriptedService['moments'] = [
      { tasks: [back, failed], update: { State: 'rollback_started' } },
      { tasks: [starting, failed], update: completed },
      { tasks: [back, failed], update: completed },
    ];
    await expect(converge({ moments }, { onProgress: (text) => progress.push(text) })).rejects.toMatchObject({
      code: 'rolled-back',
      message,
      details: ['task 2 failed on node node-1: task: non-zero exit (1)'],
      hint: 'The previous version runs, 1 of 1 tasks. Fix the cause and run swarmctl up again.',
    });
    expect(progress).toEqual([
      '1/1 running, rollback started',
      '0/1 running, rollback completed',
      '1/1 running, rollback completed',
    ]);
  });

  test('that says so when they do not run again', async () => {
    let now = performance.now();
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    onTestFinished(() => clock.mockRestore());
    const moments: ScriptedService['moments'] = [
      { tasks: [task('1', 'starting'), failed], update: completed },
    ];
    const onProgress = () => {
      now += 20_000;
    };
    await expect(converge({ moments }, { onProgress })).rejects.toMatchObject({
      code: 'rolled-back',
      hint: expect.stringContaining('0 of 1 tasks'),
    });
  });
});

test.each(['paused', 'rollback_paused'])(
  'an update that is %s is a failure with the reason',
  async (State) => {
    const update = { State, Message: 'update paused due to failure of task 2' };
    const tasks = [task('1', 'running', { Spec: older }), task('2', 'failed')];
    await expect(converge({ moments: [{ tasks, update }] })).rejects.toMatchObject({
      code: 'service-failed',
      message: expect.stringContaining('update paused due to failure of task 2'),
      details: ['task 2 failed on node node-1'],
    });
  },
);

test.each(['paused', 'rollback_completed'])(
  'that an earlier update was %s does not count when nothing was changed',
  async (State) => {
    const moments: ScriptedService['moments'] = [
      { tasks: [...failures, task('4', 'starting')], update: { State } },
      { tasks: [...failures, task('4', 'running')], update: { State } },
    ];
    const earlierFailures = new Set(failures.map(({ ID }) => ID));
    const { progress } = await converge({ moments }, { change: 'none', earlierFailures });
    expect(progress.map((text) => text.split(',')[0])).toEqual(['0/1 running', '1/1 running']);
  },
);

test('but tasks that fail from then on do', async () => {
  const since = [task('4', 'failed'), task('5', 'failed'), task('6', 'failed')];
  const moments: ScriptedService['moments'] = [{ tasks: failures }, { tasks: [...failures, ...since] }];
  const earlierFailures = new Set(failures.map(({ ID }) => ID));
  await expect(converge({ moments }, { change: 'none', earlierFailures })).rejects.toMatchObject({
    code: 'service-failed',
    details: ['task 6 failed on node node-1'],
  });
});

test('a service that never converges is a timeout that says how far it came, and what keeps a task out', async () => {
  const Err = 'no suitable node (host-mode port already in use on 1 node)';
  const tasks = [task('1', 'pending', { Status: { State: 'pending', Err } })];
  await expect(converge({ moments: [{ tasks }] }, { deadlineMs: 0 })).rejects.toMatchObject({
    code: 'timeout',
    details: [`Last seen: 0/1 running; ${Err}`],
  });
});

test('an abort ends the wait', async () => {
  const stop = new AbortController();
  const moments: ScriptedService['moments'] = [{ tasks: [] }];
  const options = { signal: stop.signal, onProgress: () => stop.abort() };
  await expect(converge({ moments }, options)).rejects.toMatchObject({ code: 'interrupted' });
});
