import type { RestartPolicy } from '../docker/engine-spec.ts';
import { SwarmctlError } from '../errors.ts';
import type { ComposeService, Locate } from './model.ts';
import { durationNs } from './units.ts';
import { withoutUnset } from './unset.ts';

/**
 * When the swarm starts a task anew; undefined is the engine's default, always. `restart:` of the service counts
 * where `deploy.restart_policy` is missing.
 */
export function restartPolicy(service: ComposeService, locate: Locate): RestartPolicy | undefined {
  const policy = service.deploy?.restart_policy;
  if (!policy) return policyOfRestart(service.restart ?? '', locate);
  return withoutUnset<RestartPolicy>({
    Condition: policy.condition,
    Delay: durationNs(policy.delay),
    MaxAttempts: policy.max_attempts,
    Window: durationNs(policy.window),
  });
}

function policyOfRestart(restart: string, locate: Locate): RestartPolicy | undefined {
  const [, word, attempts] = /^(no|always|unless-stopped|on-failure)?(?::(\d+))?$/.exec(restart) ?? [];
  if (restart === '' || word === 'no') return undefined;
  if (word === undefined || (attempts && word !== 'on-failure')) throw unknownRestart(restart, locate);
  if (word !== 'on-failure') return { Condition: 'any' };
  return { Condition: 'on-failure', ...(Number(attempts) > 0 && { MaxAttempts: Number(attempts) }) };
}

function unknownRestart(restart: string, locate: Locate): SwarmctlError {
  return new SwarmctlError('config', `${locate('restart')}: \`restart: ${restart}\` is not known`, {
    hint: 'Use no, always, unless-stopped, on-failure or on-failure:<attempts>; better, `deploy.restart_policy`.',
  });
}
