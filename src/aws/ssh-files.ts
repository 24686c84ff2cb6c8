/** Where a node can be reached. */
export interface Place {
  name: string;
  instanceId: string;
  privateIp: string;
  /** Empty for one in a private subnet. */
  publicIp: string;
}

export interface SshFilesOptions {
  /** `ssm`: through the Systems Manager of the region, by AWS's own client; no port of the instance is open. */
  access: 'direct' | 'ssm';
  region: string;
  /** Of the AWS configuration. */
  profile?: string;
  /** Absolute path of the file with the machines' keys. */
  knownHosts: string;
  /** Absolute path of the key to log in with. */
  identity: string;
}

/** The user of Ubuntu's images, who may become root by sudo. */
export const loginUser = 'ubuntu';

/** An ssh configuration in which the nodes have their names, and no other host key than theirs is accepted. */
export function sshConfigOf(places: readonly Place[], options: SshFilesOptions): string {
  const { access, knownHosts, identity } = options;
  const entries = places.map(({ name, instanceId, privateIp, publicIp }) =>
    [
      `Host ${name}`,
      `  HostName ${access === 'ssm' ? instanceId : publicIp || privateIp}`,
      `  HostKeyAlias ${name}`,
      ...(access === 'ssm' ? [`  ProxyCommand ${proxyCommand(options)}`] : []),
      `  UserKnownHostsFile "${knownHosts}"`,
      '  GlobalKnownHostsFile none',
      `  IdentityFile "${identity}"`,
      '',
    ].join('\n'),
  );
  return entries.join('\n');
}

/** As in AWS's documentation, "Allow and control permissions for SSH connections through Session Manager". */
function proxyCommand({ region, profile }: SshFilesOptions): string {
  const account = profile === undefined ? '' : ` --profile '${profile}'`;
  return `aws ssm start-session --region ${region}${account} --target %h --document-name AWS-StartSSHSession --parameters portNumber=%p`;
}

/** @param keys public key of each machine, by its name. */
export function knownHostsOf(keys: ReadonlyMap<string, string>): string {
  return [...keys].map(([name, key]) => `${name} ${key}\n`).join('');
}
