import { withDeadline } from '../docker/deadline.ts';
import { SwarmctlError } from '../errors.ts';
import type { NetworkPath } from '../report/bench-result.ts';
import type { Pair } from './pairs.ts';
import { iperfPort, probePort } from './probe-container.ts';
import { clientSlackSeconds, noData } from './probe-output.ts';
import type { Probe } from './probes.ts';
import { runInContainer } from './run-in-container.ts';

/** Runs clients from one node to another one. */
export interface Client {
  /**
   * `probe <command>` in the container of a path.
   * @param seconds that it is to take.
   * @returns its output.
   * @throws SwarmctlError `no-bench-data`, `interrupted`.
   */
  probe(
    path: NetworkPath,
    command: string,
    options: Record<string, string | number>,
    seconds: number,
  ): Promise<string>;
  /** `iperf3 --json`; otherwise as `probe`. */
  iperf(path: NetworkPath, options: readonly string[], seconds: number): Promise<string>;
}

export function clientOf([from, to]: Pair<Probe>, signal: AbortSignal): Client {
  const run = (path: NetworkPath, command: readonly string[], seconds: number) =>
    runOn(from, path, command, seconds, signal);
  return {
    probe: (path, command, options, seconds) => {
      const all = { address: to.ends[path].address, port: probePort, ...options };
      return run(path, probeCommand(command, all), seconds);
    },
    iperf: (path, options, seconds) => {
      const server = ['--client', to.ends[path].address, '--port', String(iperfPort)];
      return run(path, ['iperf3', '--json', '--connect-timeout', '3000', ...server, ...options], seconds);
    },
  };
}

/** `probe noise` on a node, for so many seconds. */
export function runNoise(probe: Probe, seconds: number, signal: AbortSignal): Promise<string> {
  return runOn(probe, 'host', probeCommand('noise', { seconds }), seconds, signal);
}

function probeCommand(command: string, options: Record<string, string | number>): string[] {
  return ['probe', command, ...Object.entries(options).map(([key, value]) => `${key}=${value}`)];
}

async function runOn(
  { node, ends }: Probe,
  path: NetworkPath,
  command: readonly string[],
  seconds: number,
  signal: AbortSignal,
): Promise<string> {
  const deadlineMs = (seconds + clientSlackSeconds) * 1_000;
  try {
    const run = runInContainer(node.engine, ends[path].container, command, deadlineMs);
    return (await withDeadline(run, deadlineMs, `${command[0]} on ${node.name}`, signal)).stdout;
  } catch (error) {
    if (!(error instanceof SwarmctlError) || error.code === 'interrupted') throw error;
    throw noData(error.message, error);
  }
}
