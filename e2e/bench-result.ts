import { expect } from 'vitest';
import type { BenchResult, LatencySeries, NetworkPath, PairBench } from '../src/report/bench-result.ts';
import { dockerOn, swarmctlJson } from './swarmctl.ts';

/** An image of the probes that a node has. */
export async function probeImage(node: string): Promise<string> {
  const list = await dockerOn(node, 'images', 'swarmctl/probe', '--format', '{{.Repository}}:{{.Tag}}');
  return list.split('\n')[0] ?? '';
}

/** The result of a benchmark that has to succeed. */
export async function bench(folder: string, ...args: string[]): Promise<BenchResult> {
  const { report, exitCode, stderr } = await swarmctlJson(folder, ['bench', ...args]);
  expect(exitCode, JSON.stringify(report.clusters.map(({ error }) => error)) + stderr).toBe(0);
  if (!report.benchmark) throw new Error('a report without a benchmark');
  return report.benchmark;
}

/** What was measured inside a cluster. */
export function pairsOf({ clusters }: BenchResult, name: string): PairBench[] {
  return clusters.find(({ cluster }) => cluster === name)?.pairs ?? [];
}

/** The idle latency of small messages. */
export function idle({ latency }: PairBench, path: NetworkPath): LatencySeries | undefined {
  return latency.find((series) => series.path === path && series.bytes === 64 && series.load === 'idle');
}
