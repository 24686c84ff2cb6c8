import type { ScaleReport } from '../report/report.ts';
import type { ServiceSpec } from './engine-spec.ts';

/** Label of a service whose number of tasks was chosen with `scale`: it tells who did so without the fleet's state. */
const scaleLabel = 'swarmctl.scale';

/** A replicated service with a number of tasks that was chosen, or without one, with the number that it is given. */
export function withReplicas(
  spec: ServiceSpec,
  replicas: number,
  scaled: ScaleReport | undefined,
): ServiceSpec {
  const { [scaleLabel]: _, ...labels } = spec.Labels ?? {};
  const Labels = scaled ? { ...labels, [scaleLabel]: labelText(scaled) } : labels;
  return { ...spec, Labels, Mode: { Replicated: { Replicas: replicas } } };
}

/** Always in the same order, whatever the state has made of it: another text would be a change of the service. */
function labelText({ replicas, instead, by, since }: ScaleReport): string {
  return JSON.stringify({ replicas, instead, by, since });
}

/** What the label of a service says; undefined where it has none, or one that somebody else wrote. */
export function scaledOf(labels: Record<string, string> = {}): ScaleReport | undefined {
  try {
    const { replicas, instead, by, since } = JSON.parse(labels[scaleLabel] ?? 'null') as ScaleReport;
    return { replicas, instead, by, since };
  } catch {
    return undefined;
  }
}
