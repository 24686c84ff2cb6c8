import type { Engine } from './engine.ts';
import { unlessGone } from './failure.ts';

/** What a container has taken until a moment. */
export interface UsageSample {
  /** In milliseconds since 1970, by the clock of its node. */
  atMs: number;
  /** Of all CPUs together since its start, in milliseconds. */
  cpuMs: number;
  /** Without what the kernel keeps of files and can give back, as `docker stats` has it. */
  memoryBytes: number;
}

/** As far as it is used here (Engine API, "Get container stats based on resource usage"); empty where nothing can be had. */
interface Stats {
  read: string;
  cpu_stats?: { cpu_usage?: { total_usage?: number } };
  memory_stats?: { usage?: number; stats?: { inactive_file?: number; total_inactive_file?: number } };
}

/** @returns undefined for a container that is gone or has stopped, or that its engine cannot measure. */
export async function sampleUsage(engine: Engine, container: string): Promise<UsageSample | undefined> {
  const what = `measuring container ${container.slice(0, 12)}`;
  // Without `one-shot` the engine waits a second for a sample of its own to compare with. The types lack it.
  const options = { stream: false, 'one-shot': true } as unknown as { stream: false };
  const asked = engine.ask(what, (api) => api.getContainer(container).stats(options) as Promise<unknown>);
  const stats = (await unlessGone(asked)) as Stats | undefined;
  const { usage, stats: details = {} } = stats?.memory_stats ?? {};
  const cpu = stats?.cpu_stats?.cpu_usage?.total_usage;
  if (stats === undefined || usage === undefined || cpu === undefined) return undefined;
  // The second version of cgroups has the first name, the first version the second one.
  const cache = details.total_inactive_file ?? details.inactive_file ?? 0;
  return {
    atMs: Date.parse(stats.read),
    cpuMs: cpu / 1_000_000,
    memoryBytes: cache < usage ? usage - cache : usage,
  };
}
