import type { UpdateConfig } from '../docker/engine-spec.ts';
import type { ComposeUpdateConfig } from './model.ts';
import { durationNs } from './units.ts';
import { withoutUnset } from './unset.ts';

/** How tasks are replaced by an update or a rollback; undefined is the engine's default. */
export function updateConfig(config: ComposeUpdateConfig | undefined): UpdateConfig | undefined {
  if (!config) return undefined;
  return withoutUnset<UpdateConfig>({
    // To the engine a missing number is 0, which means all tasks at once.
    Parallelism: config.parallelism ?? 1,
    Delay: durationNs(config.delay),
    FailureAction: config.failure_action,
    Monitor: durationNs(config.monitor),
    MaxFailureRatio: config.max_failure_ratio,
    Order: config.order,
  });
}
