import { createHash, createHmac } from 'node:crypto';

/** The engine refuses longer names of configs and secrets. */
const longestName = 64;

/** Hex digits of the version in a name. */
const versionLength = 12;

/**
 * The name that one content of a config or secret has in the engine, where contents cannot be changed:
 * `<name>-<first 12 hex digits of HMAC-SHA256(fleetKey, data)>`. Keyed, since a plain hash of a short password
 * can be guessed.
 * @param name logical name, such as `shop_db-password`
 * @param fleetKey secret key of the fleet
 * @returns 64 characters at most; a name too long for that is cut and told apart by a hash of the whole name
 */
export function versionedName(name: string, data: Buffer, fleetKey: Buffer | string): string {
  const version = createHmac('sha256', fleetKey).update(data).digest('hex').slice(0, versionLength);
  return `${fitted(name, longestName - version.length - 1)}-${version}`;
}

/** Whether a name is the logical name itself or one that a version of it has, with whichever key. */
export function isVersionOf(name: string, logicalName: string): boolean {
  if (name === logicalName) return true;
  const version = /-[0-9a-f]{12}$/.exec(name);
  return (
    version !== null && name.slice(0, version.index) === fitted(logicalName, longestName - versionLength - 1)
  );
}

function fitted(name: string, length: number): string {
  if (name.length <= length) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, length - digest.length - 1)}-${digest}`;
}
