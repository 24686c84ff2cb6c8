import * as z from 'zod';
import { map, pattern } from './schema-parts.ts';

/** The machines of a cluster that are there already, and how their engines are set up. */

const hostName = pattern(
  /^(?!-)[A-Za-z0-9._:-]{1,253}$/,
  'a host name or an IP address, such as node1.example.com or 192.0.2.10',
);
const sshAddress = pattern(
  /^([A-Za-z0-9._-]+@)?((?!-)[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/,
  '[user@]host[:port], such as admin@node1.example.com:2222',
);
const port = { error: 'a port from 1 to 65535' };
const ownAddress = pattern(
  /^[A-Za-z0-9][A-Za-z0-9._:/-]*$|^[0-9A-Fa-f]*::[0-9A-Fa-f:.]*(\/\d{1,3})?$/,
  'an interface, a range or an address of the machine, such as eth1, 10.0.0.0/24 or 10.0.0.5',
).optional();

const zoneName = { error: 'the name of a zone, such as eu-west-1a' };
const certificates = { error: 'a folder with ca.pem, cert.pem and key.pem' };

export const hostSchema = map({
  address: hostName.describe('Name or IP address of the machine; unique in the fleet.'),
  role: z
    .enum(['manager', 'worker'], { error: 'manager or worker' })
    .describe('What the machine is in the swarm. A cluster has 1, 3, 5 or 7 managers.'),
  name: pattern(
    /^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$/,
    'a name of letters, digits, inner dots and hyphens, 63 at most',
  )
    .optional()
    .describe('What swarmctl calls the machine; its address by default.'),
  zone: z
    .string(zoneName)
    .min(1, zoneName)
    .optional()
    .describe('The zone that the machine stands in: what fails together. The node label swarmctl.zone.'),
  labels: z
    .record(z.string().min(1), z.string({ error: 'a text' }), {
      error: 'a map of labels such as { disk: ssd }',
    })
    .optional()
    .describe('Labels of this node, over those of the cluster.'),
  ssh: sshAddress
    .optional()
    .describe(
      'Reach it by SSH as [user@]host[:port]; by default its address, with what your ssh configuration says of it.',
    ),
  context: pattern(/^[A-Za-z0-9][A-Za-z0-9_.+-]*$/, 'the name of a docker context')
    .optional()
    .describe('Reach its engine through this docker context; nothing is installed.'),
  tls: map({
    port: z.int(port).min(1, port).max(65_535, port).optional().describe('2376 by default.'),
    certificates: z
      .string(certificates)
      .min(1, certificates)
      .describe('Folder with ca.pem, cert.pem and key.pem, relative to this file.'),
  })
    .optional()
    .describe('Reach its engine over TCP with client certificates; nothing is installed.'),
  advertise: ownAddress.describe(
    'How the others reach it: an interface, a range in CIDR form or an address; found out by default.',
  ),
  'data-path': ownAddress.describe(
    'The same for the traffic of overlay networks; as `advertise` by default.',
  ),
});

const size = { error: 'a prefix length from 8 to 30' };
const mtu = { error: 'an MTU from 576 to 65535' };
const addressRange = pattern(/^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/, 'an IPv4 range such as 172.30.0.0/16');

/** Keys of daemon.json, by the names that they have there. */
export const daemonSchema = map({
  'metrics-addr': pattern(
    /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]*):\d{1,5}$/,
    'an address such as 127.0.0.1:9323',
  )
    .optional()
    .describe(
      "Where the engine tells Prometheus its metrics, to whoever asks; the machine's own by default.",
    ),
  'log-driver': z
    .string({ error: 'the name of a log driver' })
    .min(1, { error: 'the name of a log driver' })
    .optional()
    .describe('Log driver of containers; local by default.'),
  'log-opts': z
    .record(z.string().min(1), z.string({ error: 'a text' }), {
      error: 'a map of options such as { max-size: 10m }',
    })
    .optional()
    .describe('Options of the log driver; with the driver local, rotation at 10m and 3 files by default.'),
  'default-address-pools': z
    .array(
      map({
        base: addressRange.describe('The range, such as 172.30.0.0/16.'),
        size: z
          .int(size)
          .min(8, size)
          .max(30, size)
          .describe('Prefix length of each network of it, such as 24.'),
      }),
      {
        error: 'a list of ranges such as { base: 172.30.0.0/16, size: 24 }',
      },
    )
    .optional()
    .describe('Ranges of the networks that belong to one machine.'),
  mtu: z.int(mtu).min(576, mtu).max(65_535, mtu).optional().describe('MTU of the bridge network.'),
})
  .optional()
  .describe('Keys of daemon.json on each machine; what else is there stays.');

export const removeEngineSchema = z
  .boolean({ error: 'true or false' })
  .optional()
  .describe(
    'Whether `destroy` also removes the engine, with all its data, from machines that swarmctl installed it on.',
  );
