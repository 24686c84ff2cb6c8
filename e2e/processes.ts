import { execa } from 'execa';

/** Ids of the processes below a process, with their command lines; nearest first. */
export async function processesBelow(pid: number): Promise<{ pid: number; command: string }[]> {
  const { stdout } = await execa('ps', ['-eo', 'pid=,ppid=,args=']);
  const all = stdout.split('\n').map((line) => {
    const [, own, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(own), parent: Number(parent), command };
  });
  const below = all.filter(({ parent }) => parent === pid);
  for (const { pid: id } of below) below.push(...all.filter(({ parent }) => parent === id));
  return below;
}

/** The engine of Pulumi. */
export const isPulumi = ({ command }: { command: string }) => /\/pulumi (up|refresh|preview)/.test(command);

/** The provider of the machines' containers. */
export const isProvider = ({ command }: { command: string }) => command.includes('pulumi-resource-docker');
