import { createHash, createHmac } from 'node:crypto';

/** The engine refuses longer names of configs and secrets. */
const longestName = 64;

/**
 * The name that one content of a config or secret has in the engine, where contents cannot be changed:
 * `<name>-<first 12 hex digits of HMAC-SHA256(fleetKey, data)>`. Keyed, since a plain hash of a short password
 * can be guessed.
 * @param name logical name, such as `shop_db-password`
 * @param fleetKey secret key of the fleet
 * @returns 64 characters at most; a name too long for that is cut and told apart by a hash of the whole name
 */
export function versionedName(name: string, data: Buffer, fleetKey: Buffer | string): string {
  const version = createHmac('sha256', fleetKey).update(data).digest('hex').slice(0, 12);
  return `${fitted(name, longestName - version.length - 1)}-${version}`;
}

function fitted(name: string, length: number): string {
  if (name.length <= length) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, length - digest.length - 1)}-${digest}`;
}
