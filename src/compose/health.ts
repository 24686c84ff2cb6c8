import type { HealthConfig } from '../docker/engine-spec.ts';
import { SwarmctlError } from '../errors.ts';
import type { ComposeHealthcheck, Locate } from './model.ts';
import { durationNs } from './units.ts';
import { withoutUnset } from './unset.ts';

/** The health check of a service's containers; undefined leaves the one of the image. */
export function healthConfig(
  healthcheck: ComposeHealthcheck | undefined,
  locate: Locate,
): HealthConfig | undefined {
  if (!healthcheck) return undefined;
  if (healthcheck.disable) return disabled(healthcheck, locate);
  return withoutUnset<HealthConfig>({
    Test: healthcheck.test,
    Interval: inheritedIfZero(durationNs(healthcheck.interval)),
    Timeout: inheritedIfZero(durationNs(healthcheck.timeout)),
    Retries: inheritedIfZero(healthcheck.retries),
    StartPeriod: inheritedIfZero(durationNs(healthcheck.start_period)),
    StartInterval: inheritedIfZero(durationNs(healthcheck.start_interval)),
  });
}

/** To the engine 0 is the same as unset: what the image says holds. */
function inheritedIfZero(value: number | undefined): number | undefined {
  return value === 0 ? undefined : value;
}

function disabled(healthcheck: ComposeHealthcheck, locate: Locate): HealthConfig {
  if (!healthcheck.test?.length) return { Test: ['NONE'] };
  const position = locate('healthcheck', 'disable');
  throw new SwarmctlError(
    'config',
    `${position}: a healthcheck cannot have both \`test\` and \`disable: true\``,
    {
      hint: 'Remove one of the two.',
    },
  );
}
