import { renameSync, writeFileSync } from 'node:fs';

/** One metric with its time series, as Prometheus calls them. */
export interface Metric {
  /** Letters, digits and `_`, in base units: `swarmctl_bench_latency_seconds`. */
  name: string;
  /** One sentence. */
  help: string;
  /** `gauge` where nothing is said; only series of a `summary` have the label `quantile`. */
  type?: 'gauge' | 'summary';
  /** Series that have the same labels would be one series with two values: there must be none. */
  samples: MetricSample[];
}

export interface MetricSample {
  labels?: Readonly<Record<string, string | number>>;
  value: number;
}

/**
 * Metrics in Prometheus' text format 0.0.4
 * (github.com/prometheus/docs, content/docs/instrumenting/exposition_formats.md). A metric without samples is left out.
 */
export function expositionOf(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, type = 'gauge', samples }) => {
      const heading = `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
      return heading + samples.map((sample) => `${sampleLine(name, sample)}\n`).join('');
    })
    .join('');
}

/**
 * Writes metrics for node_exporter's textfile collector. It may look at any moment, so the file changes at once. The
 * collector passes over what does not end in `.prom`, as the unfinished file does not.
 * @throws NodeJS.ErrnoException when the file cannot be written
 */
export function writeMetrics(path: string, metrics: readonly Metric[]): void {
  const unfinished = `${path}.${process.pid}.tmp`;
  writeFileSync(unfinished, expositionOf(metrics), { mode: 0o644 });
  renameSync(unfinished, path);
}

function sampleLine(name: string, { labels = {}, value }: MetricSample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(String(text))}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${numberText(value)}`;
}

/** As Prometheus writes numbers itself; JavaScript would write `Infinity`. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  // Without what rounding leaves behind: 0.0000622 and not 0.00006220000000000001.
  if (Number.isFinite(value)) return String(Number(value.toPrecision(12)));
  return value > 0 ? '+Inf' : '-Inf';
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
