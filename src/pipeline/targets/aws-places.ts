import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deriveHostKey } from '../../aws/host-key.ts';
import { knownHostsOf, type Place, sshConfigOf } from '../../aws/ssh-files.ts';
import type { Cluster, Fleet } from '../../fleet/model.ts';
import { machinesOf, sshFiles } from '../machines.ts';
import { loginKey } from './login-key.ts';

/** Where a cluster's instances are, for ssh. */
export interface Places {
  /** Writes down where one is; afterwards it can be connected to. */
  add(place: Place): Promise<void>;
}

/** What is written is what has been added since: the program of a cluster tells of all its instances. */
export function openPlaces(
  { fleet, settings }: { fleet: Fleet; settings: { key: string } },
  cluster: Cluster,
): Places {
  const places = new Map<string, Place>();
  const files = sshFiles(fleet, cluster);
  const keys = new Map(
    machinesOf(fleet, cluster).map(({ name }) => [name, deriveHostKey(settings.key, name).publicKey]),
  );
  const write = async () => {
    const { file } = await loginKey(fleet);
    const { profile } = fleet.aws ?? {};
    const text = sshConfigOf([...places.values()], {
      access: cluster.aws?.sshCidrs.length ? 'direct' : 'ssm',
      region: cluster.region,
      ...(profile !== undefined && { profile }),
      knownHosts: files.knownHosts,
      identity: file,
    });
    await mkdir(dirname(files.config), { recursive: true, mode: 0o700 });
    await replace(files.knownHosts, knownHostsOf(keys));
    await replace(files.config, text);
  };
  let written = Promise.resolve();
  return {
    add(place) {
      places.set(place.name, place);
      written = written.then(write);
      return written;
    },
  };
}

/** ssh may read it at any time. */
async function replace(file: string, text: string): Promise<void> {
  const next = `${file}.${process.pid}`;
  await writeFile(next, text, { mode: 0o600 });
  await rename(next, file);
}

export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
