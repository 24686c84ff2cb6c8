import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { type ErrorFacts, SwarmctlError } from '../../errors.ts';
import { type SshTarget, sshEndpoint } from '../endpoint.ts';
import { sshConfig } from './config.ts';
import type { HostKey, Identity, SshFault } from './fault.ts';
import { targetArguments } from './master.ts';

/**
 * The error for the reader of what kept ssh from a connection.
 * @throws nothing: what cannot be found out is left out.
 */
export async function sshError(fault: SshFault, target: SshTarget): Promise<SwarmctlError> {
  const where = sshEndpoint(target);
  const unreachable = (reason: string, facts: ErrorFacts) =>
    new SwarmctlError('unreachable', `The machine of ${where} cannot be reached: ${reason}.`, facts);
  switch (fault.kind) {
    case 'unknown-key':
    case 'changed-key':
    case 'revoked-key':
      return hostKeyError(fault, target);
    case 'key-refused':
      return new SwarmctlError('host-key', `The host key of ${where} was refused by ssh.`, {
        hint: `Look at what \`${command(target)}\` says.`,
      });
    case 'denied':
      return deniedError(fault, target);
    case 'unresolved':
      return unreachable(`no address is known for the name ${fault.name}`, {
        hint: 'Correct the name, or add it to the DNS or as a Host to ~/.ssh/config.',
      });
    case 'unreachable':
      return unreachable(`${fault.where}: ${fault.reason}`, {
        hint: 'Check that the machine runs, that its sshd listens there, and that firewalls let this machine in.',
      });
    case 'busy':
      return unreachable(`its sshd lets no login begin (${fault.reason})`, {
        hint: 'Try again later; MaxStartups in its sshd_config says how many logins may be under way at once.',
      });
    case 'config':
      return new SwarmctlError('config', `The ssh configuration cannot be used: ${fault.reason}`, {
        hint: `Correct it; \`${command(target)}\` reads it too.`,
      });
    case 'no-ssh':
      return new SwarmctlError(
        'toolchain',
        `There is no ssh on this machine, which ${where} is reached by.`,
        {
          hint: 'Install the OpenSSH client: `apt-get install openssh-client` on Debian and Ubuntu.',
        },
      );
    case 'other':
      return unreachable(fault.reason.replace(/\.$/, ''), {
        hint: `Look at what \`${command(target)}\` says.`,
      });
  }
}

async function hostKeyError(
  fault: HostKey & { kind: 'unknown-key' | 'changed-key' | 'revoked-key' },
  target: SshTarget,
): Promise<SwarmctlError> {
  const { name, type, fingerprint, known } = fault;
  const file = known?.file ?? (await knownHostsFile(target)) ?? join(homedir(), '.ssh', 'known_hosts');
  const shown = `${type} ${fingerprint ?? 'of an unknown fingerprint'}`;
  const what = {
    'unknown-key': `is not known: it has shown ${shown}`,
    'changed-key': `has changed: it has shown ${shown}, and ${file}:${known?.line} has another key`,
    'revoked-key': `is revoked: it has shown ${shown}`,
  }[fault.kind];
  return new SwarmctlError('host-key', `The host key of ${name} ${what}.`, {
    details: [`Nothing was sent to ${sshEndpoint(target)}.`, `Known host keys are read from ${file}.`],
    hint: fault.kind === 'revoked-key' ? revokedHint(file) : acceptHint(fault, file, target),
  });
}

function revokedHint(file: string): string {
  return `Find out why ${file} marks this key as revoked, and give the machine a new one.`;
}

function acceptHint(key: HostKey, file: string, target: SshTarget): string {
  const compare = `On the machine's own console, \`ssh-keygen -lf /etc/ssh/ssh_host_${key.type.toLowerCase()}_key.pub\` shows its fingerprint. Only if it is the same: `;
  const forget = key.known ? `\`ssh-keygen -f ${file} -R '${key.name}'\`, then ` : '';
  return `${compare}${forget}${isScannable(key, target) ? scan(key, file) : `log in once by \`${command(target)}\`, which asks`}.`;
}

/** ssh-keyscan goes straight to the machine, by its name in the network. */
function isScannable({ isBehindProxy }: HostKey, target: SshTarget): boolean {
  return !isBehindProxy && target.config === undefined;
}

function scan({ name, type }: HostKey, file: string): string {
  const [, host = name, port] = /^\[(.+)\]:(\d+)$/.exec(name) ?? [];
  return `\`ssh-keyscan ${port === undefined ? '' : `-p ${port} `}-t ${type.toLowerCase()} ${host} >>${file}\``;
}

async function deniedError(
  { user, offered, identities, tooMany }: SshFault & { kind: 'denied' },
  target: SshTarget,
): Promise<SwarmctlError> {
  const paths = offered.map((key) => key.split(' ')[0] ?? '');
  const encrypted = (
    await Promise.all(paths.map(async (path) => ((await isEncrypted(path)) ? path : '')))
  ).filter(Boolean);
  const details = [
    offered.length === 0 ? 'No key was offered.' : `Keys that were offered: ${offered.join(', ')}.`,
    ...identities.map(describe),
    ...encrypted.map((path) => `${path} is encrypted, and no agent holds it.`),
  ];
  const login = user === undefined ? '' : ` for user ${user}`;
  return new SwarmctlError('access-denied', `The sshd of ${sshEndpoint(target)} denies the login${login}.`, {
    details,
    hint: deniedHint(identities, encrypted, tooMany, target),
  });
}

function describe({ path, problem, reason }: Identity): string {
  if (problem === 'too-open') return `${path} was not used: others may read it (mode ${reason}).`;
  return problem === 'missing' ? `${path} does not exist.` : `${path} cannot be used: ${reason}.`;
}

function deniedHint(
  identities: Identity[],
  encrypted: string[],
  tooMany: boolean,
  target: SshTarget,
): string {
  const open = identities.find(({ problem }) => problem === 'too-open');
  if (open) return `Take the right to read it from others: \`chmod 600 ${open.path}\`.`;
  if (encrypted[0]) return `Add it to the agent: \`ssh-add ${encrypted[0]}\`.`;
  const missing = identities.find(({ problem }) => problem === 'missing');
  if (missing) return 'Correct IdentityFile in the ssh configuration, or make the key.';
  if (tooMany) return 'The agent holds too many keys: name one by IdentityFile and set IdentitiesOnly yes.';
  return `Give the machine one of your public keys (\`ssh-copy-id\`), and try \`${command(target)}\`.`;
}

/** Whether a key file asks for a passphrase. */
async function isEncrypted(path: string): Promise<boolean> {
  const { failed, stderr } = await execa('ssh-keygen', ['-y', '-P', '', '-f', path], {
    reject: false,
    stdin: 'ignore',
  });
  return failed && String(stderr).includes('incorrect passphrase');
}

/** The first file that host keys are looked up in. */
async function knownHostsFile(target: SshTarget): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-ssh-'));
  try {
    const config = join(folder, 'config');
    await writeFile(config, sshConfig(target.config));
    const { stdout } = await execa('ssh', ['-G', '-F', config, ...targetArguments(target)], {
      reject: false,
    });
    return /^userknownhostsfile (\S+)/m.exec(stdout)?.[1];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a person types to log in. */
function command({ user, host, port, config }: SshTarget): string {
  return [
    'ssh',
    ...(config === undefined ? [] : ['-F', config]),
    ...(port === undefined ? [] : ['-p', port]),
    user === undefined ? host : `${user}@${host}`,
  ].join(' ');
}
