import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Machinery } from './aws-stand-in.ts';
import { docker } from './swarmctl.ts';
import { instanceImage } from './test-images.ts';

/** Containers that stand for instances: they run their user data by cloud-init, and answer on ssh. */
export async function instanceMachinery(fleet: string): Promise<Machinery> {
  const image = await instanceImage();
  const label = ['--label', `swarmctl.fleet=${fleet}`];
  return {
    createVpc: async (id, { cidrBlock }) =>
      void (await docker('network', 'create', ...label, '--subnet', String(cidrBlock), id)),
    deleteVpc: async (id) => void (await docker('network', 'rm', id)),
    async createInstance(id, vpc, { privateIp, userData }) {
      const address = privateIp ? ['--ip', String(privateIp)] : [];
      await docker('create', '--name', id, ...label, '--privileged', '--network', vpc, ...address, image);
      await seed(id, String(userData));
      await docker('start', id);
      return docker('inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', id);
    },
    deleteInstance: async (id) => void (await docker('rm', '--force', '--volumes', id)),
  };
}

/** What cloud-init reads instead of asking the metadata service. */
async function seed(id: string, userData: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-seed-'));
  try {
    await writeFile(join(folder, 'user-data'), userData);
    await writeFile(join(folder, 'meta-data'), `instance-id: ${id}\n`);
    await docker('cp', `${folder}/.`, `${id}:/var/lib/cloud/seed/nocloud`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * A folder with an `aws` that stands in for AWS's client: `ssm start-session` goes to port 22 of the container with the
 * name of the target, and anything else fails.
 */
export async function makeAwsClient(folder: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const file = join(bin, 'aws');
  await writeFile(file, client);
  await chmod(file, 0o755);
  return bin;
}

const client = `#!/bin/sh
[ "$1 $2" = 'ssm start-session' ] || exit 1
while [ "$1" != --target ]; do shift; done
exec docker exec -i "$2" perl -MIO::Socket::INET -MIO::Select -e '
  my $sshd = IO::Socket::INET->new("127.0.0.1:22") or die "no sshd";
  my $both = IO::Select->new($sshd, \\*STDIN);
  while (my @ready = $both->can_read) {
    for my $from (@ready) {
      sysread($from, my $data, 65536) or exit;
      my $to = $from == $sshd ? \\*STDOUT : $sshd;
      for (my $sent = 0; $sent < length $data; ) { $sent += syswrite($to, $data, length($data) - $sent, $sent) || exit }
    }
  }'
`;
