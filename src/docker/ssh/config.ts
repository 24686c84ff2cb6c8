import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Milliseconds until a machine that does not answer is given up. */
export const connectTimeoutMs = 10_000;
const keepAliveSeconds = 5;

/**
 * The configuration that ssh is started with: what swarmctl insists on, and then the user's. Of each option ssh takes
 * the first value that it reads (ssh_config(5)), and gives the file to the ssh of a jump host too; options on the
 * command line would not reach that one.
 * @param extra a configuration that comes before the user's.
 */
export function sshConfig(extra?: string): string {
  const home = homedir();
  return [
    'Host *',
    '  BatchMode yes',
    '  StrictHostKeyChecking yes',
    '  NoHostAuthenticationForLocalhost no',
    '  UpdateHostKeys no',
    // A jump host may be reached over a connection that the person has open, but none is left open there.
    '  ControlMaster no',
    `  ConnectTimeout ${connectTimeoutMs / 1000}`,
    '  ConnectionAttempts 1',
    `  ServerAliveInterval ${keepAliveSeconds}`,
    '  ServerAliveCountMax 3',
    ...(extra === undefined ? [] : [`Include "${extra}"`, 'Host *']),
    `Include "${join(home, '.ssh', 'config')}"`,
    'Host *',
    'Include /etc/ssh/ssh_config',
    'Host *',
    ...knownHostsOf(home),
    '',
  ].join('\n');
}

/** ssh itself never looks at HOME; whoever sets it means what is below. */
function knownHostsOf(home: string): string[] {
  if (home === userInfo().homedir) return [];
  const file = join(home, '.ssh', 'known_hosts');
  return [`  UserKnownHostsFile "${file}" "${file}2"`];
}
