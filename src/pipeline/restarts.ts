import type { ResourceStep, ServiceReport } from '../report/report.ts';

/** How many running tasks the steps would replace: those of services whose task template changes. */
export function restartsOf(steps: readonly ResourceStep[], services: readonly ServiceReport[]): number {
  const running = new Map(services.map((service) => [service.name, service.running]));
  return steps
    .filter((step) => step.type === 'Service' && replacesTasks(step))
    .reduce((sum, { name }) => sum + (running.get(name) ?? 0), 0);
}

/** Tasks that fit changed rules of placement are kept by the swarm. */
function replacesTasks({ op, fields }: ResourceStep): boolean {
  if (op !== 'update') return op !== 'create';
  return fields.some(
    (field) => field.startsWith('spec.TaskTemplate') && !field.startsWith('spec.TaskTemplate.Placement'),
  );
}
