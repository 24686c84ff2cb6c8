import { readFile } from 'node:fs/promises';

/**
 * The user whose process is at the other end of a connection within this machine: Linux tells it of each socket
 * (proc_pid_net(5), /proc/net/tcp: addresses in hexadecimal, the host's byte order; the user is the eighth column).
 * @param peer the port at the other end.
 * @param port the one at this end.
 * @returns undefined when there is no such connection, or it cannot be told.
 */
export async function userOfPeer(peer: number, port: number): Promise<number | undefined> {
  const table = await readFile('/proc/net/tcp', 'utf8').catch(() => '');
  const from = `:${hexadecimal(peer)}`;
  const to = `:${hexadecimal(port)}`;
  const columns = table.split('\n').map((line) => line.trim().split(/\s+/));
  const own = columns.find(([, local, remote]) => local?.endsWith(from) && remote?.endsWith(to));
  return own && Number(own[7]);
}

function hexadecimal(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}
