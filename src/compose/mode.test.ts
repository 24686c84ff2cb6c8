import { describe, expect, test } from 'vitest';
import { serviceMode } from './mode.ts';

const locate = (...path: string[]) => path.join('.');

describe('serviceMode', () => {
  test.each([
    [{}, { Replicated: {} }],
    [{ replicas: 0 }, { Replicated: { Replicas: 0 } }],
    [{ mode: 'replicated', replicas: 3 }, { Replicated: { Replicas: 3 } }],
    [{ mode: 'global' }, { Global: {} }],
  ])('%j is %j', (deploy, expected) => {
    expect(serviceMode(deploy, locate)).toEqual(expected);
  });

  test.each([
    [{ mode: 'weird' }, 'deploy.mode: `mode: weird` is not known'],
    [{ mode: 'global', replicas: 1 }, 'deploy.replicas: `mode: global` takes no `replicas`'],
    [{ mode: 'global-job' }, 'deploy.mode: `mode: global-job` is not supported'],
    [{ mode: 'replicated-job', replicas: 2 }, 'deploy.mode: `mode: replicated-job` is not supported'],
  ])('refuses %j', (deploy, message) => {
    expect(() => serviceMode(deploy, locate)).toThrow(message);
  });
});
