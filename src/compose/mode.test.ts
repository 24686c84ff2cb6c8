import { describe, expect, test } from 'vitest';
import { serviceMode } from './mode.ts';

const locate = (...path: string[]) => path.join('.');

describe('serviceMode', () => {
  test.each([
    [{}, { Replicated: {} }],
    [{ replicas: 0 }, { Replicated: { Replicas: 0 } }],
    [{ mode: 'replicated', replicas: 3 }, { Replicated: { Replicas: 3 } }],
    [{ mode: 'global' }, { Global: {} }],
    [{ mode: 'replicated-job' }, { ReplicatedJob: {} }],
    [{ mode: 'replicated-job', replicas: 2 }, { ReplicatedJob: { MaxConcurrent: 2, TotalCompletions: 2 } }],
    [{ mode: 'global-job' }, { GlobalJob: {} }],
  ])('%j is %j', (deploy, expected) => {
    expect(serviceMode(deploy, locate)).toEqual(expected);
  });

  test.each([
    [{ mode: 'weird' }, 'deploy.mode: `mode: weird` is not known'],
    [{ mode: 'global', replicas: 1 }, 'deploy.replicas: `mode: global` takes no `replicas`'],
    [{ mode: 'global-job', replicas: 1 }, 'deploy.replicas: `mode: global-job` takes no `replicas`'],
  ])('refuses %j', (deploy, message) => {
    expect(() => serviceMode(deploy, locate)).toThrow(message);
  });
});
