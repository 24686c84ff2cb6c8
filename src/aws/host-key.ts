import { createHmac, createPrivateKey, createPublicKey } from 'node:crypto';

/** The key that a machine shows to ssh. */
export interface HostKey {
  /** As OpenSSH keeps it in a file. */
  privateKey: string;
  /** `ssh-ed25519 AAAA…` */
  publicKey: string;
}

/**
 * The host key of a machine that is still to be made, so that the very first connection to it can be checked. It
 * follows from the fleet's key and the machine's name: nothing more has to be kept, and every run knows it.
 * @param fleetKey secret of the fleet, in its state.
 */
export function deriveHostKey(fleetKey: string, machine: string): HostKey {
  const seed = createHmac('sha256', fleetKey).update(`ssh host key of ${machine}`).digest();
  const publicBytes = publicOf(seed);
  const blob = Buffer.concat([text(algorithm), text(publicBytes)]);
  return {
    privateKey: pem(Buffer.concat([header, text(blob), text(privatePart(seed, publicBytes, machine))])),
    publicKey: `${algorithm} ${blob.toString('base64')}`,
  };
}

const algorithm = 'ssh-ed25519';

/** PKCS #8 of an Ed25519 key, up to its 32 bytes (RFC 8410, section 7). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

function publicOf(seed: Buffer): Buffer {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });
  return Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url');
}

/** No cipher, no passphrase, one key: OpenSSH's PROTOCOL.key. */
const header = Buffer.concat([
  Buffer.from('openssh-key-v1\0'),
  text('none'),
  text('none'),
  text(''),
  Buffer.from([0, 0, 0, 1]),
]);

/** With two equal numbers in front, and padded to whole blocks of 8 bytes by 1, 2, 3… */
function privatePart(seed: Buffer, publicBytes: Buffer, comment: string): Buffer {
  const content = Buffer.concat([
    Buffer.alloc(8),
    text(algorithm),
    text(publicBytes),
    text(Buffer.concat([seed, publicBytes])),
    text(comment),
  ]);
  const missing = (8 - (content.length % 8)) % 8;
  return Buffer.concat([content, Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, missing))]);
}

/** A string as SSH writes it: its length first. */
function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join(
    '\n',
  );
}
