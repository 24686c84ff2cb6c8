import type { ResourceStep, ServiceReport } from '../report/report.ts';

/**
 * How many running tasks the steps would replace: those of services whose task template changes, and all where a
 * machine or a network is made anew.
 */
export function restartsOf(steps: readonly ResourceStep[], services: readonly ServiceReport[]): number {
  if (steps.some(replacesGround)) return services.reduce((sum, service) => sum + service.running, 0);
  const running = new Map(services.map((service) => [service.name, service.running]));
  return steps
    .filter((step) => step.type === 'Service' && replacesTasks(step))
    .reduce((sum, { name }) => sum + (running.get(name) ?? 0), 0);
}

/** Old versions of configs and secrets go when no task has them any more. */
function replacesGround({ op, type }: ResourceStep): boolean {
  return (op === 'replace' || op === 'delete') && !['Service', 'Config', 'Secret'].includes(type);
}

/** Tasks that fit changed rules of placement are kept by the swarm. */
function replacesTasks({ op, fields }: ResourceStep): boolean {
  if (op !== 'update') return op !== 'create';
  return fields.some(
    (field) => field.startsWith('spec.TaskTemplate') && !field.startsWith('spec.TaskTemplate.Placement'),
  );
}
