/** What kept ssh from a connection. */
export type SshFault =
  | ({ kind: 'unknown-key' | 'changed-key' | 'revoked-key' } & HostKey)
  /** The host key was refused for a reason that ssh did not tell. */
  | { kind: 'key-refused' }
  | { kind: 'denied'; user: string | undefined; offered: string[]; identities: Identity[]; tooMany: boolean }
  | { kind: 'unresolved'; name: string }
  | { kind: 'unreachable'; where: string; reason: string }
  /** sshd takes no more logins at the moment, or went away in the middle of one. */
  | { kind: 'busy'; reason: string }
  | { kind: 'config'; reason: string }
  | { kind: 'no-ssh' }
  | { kind: 'other'; reason: string };

/** The key that a machine has shown. */
export interface HostKey {
  /** The machine as ssh looks it up: `host`, `[host]:port`, or its HostKeyAlias. */
  name: string;
  /** Such as `ED25519`. */
  type: string;
  /** `SHA256:…`; undefined where ssh did not tell it. */
  fingerprint: string | undefined;
  /** Where another key of this machine stands: file and line. */
  known: { file: string; line: string } | undefined;
  /** Whether it was shown over another machine, which has to be logged in to first. */
  isBehindProxy: boolean;
}

/** A key file that ssh could not use. */
export interface Identity {
  path: string;
  problem: 'missing' | 'too-open' | 'unusable';
  reason: string;
}

/**
 * The one place where the words of ssh get their meaning.
 * @param said what `ssh -v` wrote to stderr, in English; lines of a jump host's ssh are among them.
 */
export function readFault(said: readonly string[]): SshFault {
  const text = said.map((line) => line.trimEnd()).join('\n');
  const readers = [readHostKey, readDenied, readConfig, readNetwork, readBusy];
  for (const read of readers) {
    const fault = read(text);
    if (fault) return fault;
  }
  return { kind: 'other', reason: lastWords(text) };
}

/** Whether sshd refused one more session on a connection that goes on (MaxSessions). */
export function refusesSession(said: readonly string[]): boolean {
  return said.some((line) => line.includes('session request failed'));
}

const unknownKey = /^No (\S+) host key is known for (.+) and you have requested strict checking\.$/m;
const changedKey = /^Host key for (.+) has changed and you have requested strict checking\.$/m;
const revokedKey = /^The (\S+) host key for (.+) is marked as revoked\.$/m;

function readHostKey(text: string): SshFault | undefined {
  const [, unknownType, unknownName] = unknownKey.exec(text) ?? [];
  if (unknownType && unknownName) return { kind: 'unknown-key', ...hostKey(text, unknownName, unknownType) };
  const [, revokedType, revokedName] = revokedKey.exec(text) ?? [];
  if (revokedType && revokedName) return { kind: 'revoked-key', ...hostKey(text, revokedName, revokedType) };
  const [, changedName] = changedKey.exec(text) ?? [];
  if (changedName) {
    const type = /^The fingerprint for the (\S+) key sent by the remote host is$/m.exec(text)?.[1];
    return { kind: 'changed-key', ...hostKey(text, changedName, type ?? 'host') };
  }
  return /^Host key verification failed\.$/m.test(text) ? { kind: 'key-refused' } : undefined;
}

/** The last key that was shown is the one that was refused: ssh goes no further then. */
function hostKey(text: string, name: string, type: string): HostKey {
  const fingerprint = [...text.matchAll(/^debug1: Server host key: \S+ (\S+)$/gm)].at(-1)?.[1];
  const [, file, line] = /^Offending \S+ key in (.+):(\d+)$/m.exec(text) ?? [];
  return {
    name,
    type,
    fingerprint,
    known: file && line ? { file, line } : undefined,
    isBehindProxy: /^debug1: Executing proxy command/m.test(text),
  };
}

const denied = /^(?:(\S+)@.+: )?Permission denied(?: \(.*\))?\.$/m;
const tooManyKeys = /Too many authentication failures/;

function readDenied(text: string): SshFault | undefined {
  const found = denied.exec(text);
  const tooMany = tooManyKeys.test(text);
  if (!found && !tooMany) return undefined;
  const offers = text.matchAll(/^debug1: Offering public key: (.+?) (\S+) (SHA256:\S+)/gm);
  const offered = [...offers].map(([, path, type, fingerprint]) => `${path} (${type} ${fingerprint})`);
  return {
    kind: 'denied',
    user: found?.[1],
    offered: [...new Set(offered)],
    identities: identities(text),
    tooMany,
  };
}

function identities(text: string): Identity[] {
  const find = (problem: Identity['problem'], pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, path = '', reason = '']) => ({ path, problem, reason }));
  return [
    ...find('too-open', /^Permissions (?=\d+ for '(.+)' are too open)(\d+)/gm),
    ...find('missing', /no such identity: (.+?): (.+)$/gm),
    ...find('unusable', /^Load key "(.+)": (?!bad permissions)(.+)$/gm),
  ];
}

const badConfig =
  /^(?:Bad owner or permissions on .+|.+: (?:line \d+: )?Bad configuration option: .+|.+ line \d+: .+|.+: terminating, \d+ bad configuration options|.+: No such file or directory, .*config.*)$/m;

function readConfig(text: string): SshFault | undefined {
  if (/^sh: (?:\d+: |line \d+: )?ssh: (?:command )?not found$/m.test(text)) return { kind: 'no-ssh' };
  const plain = withoutDebug(text);
  const reason = badConfig.exec(plain)?.[0];
  return reason ? { kind: 'config', reason } : undefined;
}

function readNetwork(text: string): SshFault | undefined {
  const name = /Could not resolve hostname (\S+): /.exec(text)?.[1];
  if (name) return { kind: 'unresolved', name };
  const [, where, reason] = /^(?:ssh: )?connect to host (.+): (.+)$/m.exec(text) ?? [];
  if (where && reason) return { kind: 'unreachable', where, reason };
  const beyond = /open failed: connect failed: (.+)$/m.exec(text)?.[1];
  if (beyond) return { kind: 'unreachable', where: 'the machine behind the jump host', reason: beyond };
  const slow = /^(Connection timed out during banner exchange|Connection to .+ timed out)$/m.exec(text)?.[1];
  return slow ? { kind: 'unreachable', where: 'its ssh port', reason: slow } : undefined;
}

/** OpenSSH before 9.8 closes the connection; newer ones say so first. */
const busy =
  /^(?:(?:kex|ssh)_exchange_identification: .*|Connection (?:closed|reset) by .*|.*Exceeded MaxStartups.*|.*Not allowed at this time.*)$/gm;

function readBusy(text: string): SshFault | undefined {
  const reason = text.match(busy)?.[0];
  return reason ? { kind: 'busy', reason } : undefined;
}

function lastWords(text: string): string {
  const lines = withoutDebug(text)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.at(-1) ?? 'ssh ended without saying why';
}

/** What ssh would say without `-v`. */
function withoutDebug(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^(debug\d: |OpenSSH_|Transferred: |Bytes per second: |Authenticated to )/.test(line))
    .join('\n');
}
