import { readdirSync, readFileSync } from 'node:fs';

const intervalMs = 200;
const pageBytes = 4_096;

/**
 * Watches the memory of a process and all its descendants.
 * @returns `stop`, which gives the most that they had in memory at once, in bytes (Linux; shared pages count for each).
 */
export function watchMemory(pid: number): { stop(): number } {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, residentBytes(pid));
  }, intervalMs);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}

function residentBytes(root: number): number {
  const processes = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(name) ?? []) : []));
  const children = Map.groupBy(processes, ({ parent }) => parent);
  const sum = (pid: number): number =>
    (processes.find((process) => process.pid === pid)?.bytes ?? 0) +
    (children.get(pid) ?? []).reduce((total, child) => total + sum(child.pid), 0);
  return sum(root);
}

/** Undefined when the process has ended meanwhile. Fields as in proc_pid_stat(5). */
function statOf(name: string): { pid: number; parent: number; bytes: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid: Number(name), parent: Number(fields[1]), bytes: Number(fields[21]) * pageBytes };
  } catch {
    return undefined;
  }
}
