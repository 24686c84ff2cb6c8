import { text } from 'node:stream/consumers';
import { SwarmctlError } from '../../errors.ts';
import { sshEndpoint } from '../endpoint.ts';
import type { SshConnection } from './connection.ts';

/** Says what there is on the machine, a word a line. */
const question = (socket: string) => `
echo "user=$(id -un)"
PATH=$PATH:/usr/sbin:/sbin:/usr/local/bin
command -v docker >/dev/null && echo client
command -v dockerd >/dev/null && echo engine
[ -S ${socket} ] && echo socket
[ -w ${socket} ] && echo writable
if [ "$(id -u)" -eq 0 ]; then echo root
elif ! command -v sudo >/dev/null; then echo "sudo=is not installed"
elif why=$(sudo -n true 2>&1); then echo root
else echo "sudo=says $why" | head -n 1
fi`;

/**
 * Finds out why no way leads to an engine on a machine that can be logged in to.
 * @returns SwarmctlError `no-engine` when none is installed, `access-denied` when the user may not use it,
 *   `unreachable` when it does not run.
 */
export async function whyNoDocker(connection: SshConnection, socket: string): Promise<SwarmctlError> {
  const { signal } = new AbortController();
  const where = sshEndpoint(connection.target);
  const session = await connection.start(`exec sh -c '${question(socket).replaceAll("'", `'\\''`)}'`, signal);
  session.stdin.end();
  const facts = (await text(session.stdout)).trim().split('\n');
  const has = (fact: string) => facts.includes(fact);
  const told = (name: string) => facts.find((fact) => fact.startsWith(`${name}=`))?.slice(name.length + 1);

  if (!has('socket')) return has('engine') ? notRunning(where) : notInstalled(where);
  const user = told('user') ?? 'the user';
  if (!has('writable') && !has('root')) {
    const message = `User ${user} may not open ${socket} on ${where}, and sudo ${told('sudo') ?? 'does not help'}.`;
    return new SwarmctlError('access-denied', message, {
      hint: `Put ${user} into the group docker, let sudo work without a password (NOPASSWD), or log in as root.`,
    });
  }
  if (!has('client')) {
    const reason = has('writable')
      ? 'its sshd forwards no unix sockets (AllowStreamLocalForwarding)'
      : `user ${user} may not open ${socket}`;
    return new SwarmctlError(
      'access-denied',
      `The engine at ${where} cannot be used: ${reason}, and there is no docker client on it.`,
      {
        hint: `Install the docker client on it, or ${has('writable') ? 'allow the forwarding' : `put ${user} into the group docker`}.`,
      },
    );
  }
  return notRunning(where);
}

function notInstalled(where: string): SwarmctlError {
  return new SwarmctlError('no-engine', `There is no Docker engine on the machine of ${where}.`, {
    hint: 'Install Docker Engine 25 or newer on it.',
  });
}

function notRunning(where: string): SwarmctlError {
  return new SwarmctlError('unreachable', `The Docker engine on the machine of ${where} does not run.`, {
    hint: 'Start it there: `systemctl start docker`; `journalctl -u docker` says why it stopped.',
  });
}
