import type { ServiceMode } from '../docker/engine-spec.ts';
import { SwarmctlError } from '../errors.ts';
import type { ComposeDeploy, Locate } from './model.ts';

/** How many tasks a service has: a number of them, or one on each node; those of a job run to their end. */
export function serviceMode({ mode = 'replicated', replicas }: ComposeDeploy, locate: Locate): ServiceMode {
  if (mode.startsWith('global') && replicas !== undefined) throw replicasOfGlobal(mode, locate);
  switch (mode) {
    case 'replicated':
      return { Replicated: replicas === undefined ? {} : { Replicas: replicas } };
    case 'global':
      return { Global: {} };
    case 'replicated-job':
      return {
        ReplicatedJob: replicas === undefined ? {} : { MaxConcurrent: replicas, TotalCompletions: replicas },
      };
    case 'global-job':
      return { GlobalJob: {} };
    default:
      throw unknownMode(mode, locate);
  }
}

function replicasOfGlobal(mode: string, locate: Locate): SwarmctlError {
  return new SwarmctlError(
    'config',
    `${locate('deploy', 'replicas')}: \`mode: ${mode}\` takes no \`replicas\``,
    {
      hint: 'Such a service has one task on each node: remove `replicas`, or use `mode: replicated`.',
    },
  );
}

function unknownMode(mode: string, locate: Locate): SwarmctlError {
  return new SwarmctlError('config', `${locate('deploy', 'mode')}: \`mode: ${mode}\` is not known`, {
    hint: 'Use replicated, global, replicated-job or global-job.',
  });
}
