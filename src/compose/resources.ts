import type { ResourceRequirements, Resources } from '../docker/engine-spec.ts';
import { SwarmctlError } from '../errors.ts';
import type { ComposeDeploy, ComposeReservations, Locate } from './model.ts';
import { nanoCpus } from './units.ts';
import { withoutUnset } from './unset.ts';

/** What each task may use at most, and what a node has to have free for it. */
export function resourceRequirements(
  resources: ComposeDeploy['resources'],
  locate: Locate,
): ResourceRequirements {
  const limits = resources?.limits;
  const pids = limits?.pids === undefined ? {} : { Pids: limits.pids };
  return withoutUnset<ResourceRequirements>({
    Limits: limits && { ...amounts(limits, 'limits', locate), ...pids },
    Reservations: resources?.reservations && amounts(resources.reservations, 'reservations', locate),
  });
}

function amounts(
  { cpus, memory }: ComposeReservations,
  kind: 'limits' | 'reservations',
  locate: Locate,
): Resources {
  return withoutUnset<Resources>({
    NanoCPUs: processors(cpus, () => locate('deploy', 'resources', kind, 'cpus')),
    MemoryBytes: memory === undefined ? undefined : Number(memory),
  });
}

function processors(cpus: string | undefined, position: () => string): number | undefined {
  try {
    return nanoCpus(cpus);
  } catch (error) {
    throw new SwarmctlError(
      'config',
      `${position()}: \`cpus: ${cpus}\` is no number with at most nine decimals`,
      {
        hint: 'Write it like `cpus: "0.5"`.',
        cause: error,
      },
    );
  }
}
