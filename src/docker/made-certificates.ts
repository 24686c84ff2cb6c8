import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** A certificate authority in a folder, for tests. */
export interface Authority {
  /** The file of its own certificate. */
  ca: string;
  /**
   * Makes `ca.pem`, `cert.pem` and `key.pem` in a new folder.
   * @param names in the form of OpenSSL's subjectAltName: `DNS:engine,IP:10.0.0.1`; none for a client.
   * @returns the folder.
   */
  issue(folder: string, names?: string, validity?: 'valid' | 'expired' | 'future'): Promise<string>;
}

const periods = {
  valid: ['20200101000000Z', '20991231000000Z'],
  expired: ['20200101000000Z', '20210101000000Z'],
  future: ['20980101000000Z', '20991231000000Z'],
};

const settings = `[ca]
default_ca = default
[default]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
`;

export async function makeAuthority(folder: string): Promise<Authority> {
  await mkdir(folder);
  const openssl = (args: string[]) => execa('openssl', args, { cwd: folder });
  const newKey = (file: string) => [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    file,
  ];
  await openssl([
    'req',
    '-x509',
    ...newKey('ca-key.pem'),
    '-out',
    'ca.pem',
    '-subj',
    '/CN=authority',
    '-days',
    '9999',
  ]);
  for (const [name, text] of Object.entries({ 'index.txt': '', serial: '01\n', settings }))
    await writeFile(join(folder, name), text);
  let issued = 0;

  return {
    ca: join(folder, 'ca.pem'),
    async issue(target, names, validity = 'valid') {
      await mkdir(target);
      const [start = '', end = ''] = periods[validity];
      const number = ++issued;
      const uses = names === undefined ? 'clientAuth' : 'serverAuth';
      await writeFile(
        join(folder, `${number}.ext`),
        `extendedKeyUsage = ${uses}\n${names === undefined ? '' : `subjectAltName = ${names}\n`}`,
      );
      await openssl([
        'req',
        '-new',
        ...newKey(join(target, 'key.pem')),
        '-out',
        `${number}.csr`,
        '-subj',
        `/CN=${uses}-${number}`,
      ]);
      await openssl([
        ...['ca', '-batch', '-notext', '-config', 'settings', '-cert', 'ca.pem', '-keyfile', 'ca-key.pem'],
        ...['-in', `${number}.csr`, '-out', join(target, 'cert.pem'), '-extfile', `${number}.ext`],
        ...['-startdate', start, '-enddate', end],
      ]);
      await execa('cp', [join(folder, 'ca.pem'), target]);
      return target;
    },
  };
}
