import type { GenericResource, ResourceRequirements, Resources } from '../docker/engine-spec.ts';
import { SwarmctlError } from '../errors.ts';
import type { ComposeAmounts, ComposeDeploy, ComposeReservations, Locate } from './model.ts';
import { nanoCpus } from './units.ts';
import { withoutUnset } from './unset.ts';

/** What each task may use at most, and what a node has to have free for it. */
export function resourceRequirements(
  resources: ComposeDeploy['resources'],
  locate: Locate,
): ResourceRequirements {
  const { limits, reservations } = resources ?? {};
  const pids = limits?.pids === undefined ? {} : { Pids: limits.pids };
  return withoutUnset<ResourceRequirements>({
    Limits: limits && { ...amounts(limits, 'limits', locate), ...pids },
    Reservations: reservations && {
      ...amounts(reservations, 'reservations', locate),
      ...genericResources(reservations),
    },
  });
}

/** Things that nodes have a number of and say so in their configuration, such as GPUs. */
function genericResources({ generic_resources = [] }: ComposeReservations): {
  GenericResources?: GenericResource[];
} {
  if (generic_resources.length === 0) return {};
  const GenericResources = generic_resources.map(
    ({ discrete_resource_spec: { kind = '', value = 0 } = {} }) => ({
      DiscreteResourceSpec: { Kind: kind, Value: value },
    }),
  );
  return { GenericResources };
}

function amounts(
  { cpus, memory }: ComposeAmounts,
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
