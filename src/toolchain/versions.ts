import semver from 'semver';

/** The oldest Pulumi CLI that the Automation API of this package drives. */
export const pulumiMinimum = '3.226.0';

/** The Pulumi CLI that tools/pulumi builds. */
export const pulumiBuilt = '3.256.0';

/** The Docker provider that belongs to the @pulumi/docker of this package. */
export const dockerProviderVersion = '5.2.0';

/** The AWS provider that belongs to the @pulumi/aws of this package. */
export const awsProviderVersion = '7.48.0';

/** The oldest docker client with `docker stack config`. */
export const dockerClientMinimum = '23.0.0';

/** The engine that Debian's packages give a local node. */
export const debianEngineMajor = '26';

/** The first version number in `text`, such as `3.256.0` in `v3.256.0-dev.1`; undefined when there is none. */
export function findVersion(text: string): string | undefined {
  return /\d+\.\d+(\.\d+)?/.exec(text)?.[0];
}

/** Less than 0 when version `a` is older than `b`, more than 0 when it is newer; missing parts count as zero. */
export function compareVersions(a: string, b: string): number {
  return semver.compare(semver.coerce(a) ?? '0.0.0', semver.coerce(b) ?? '0.0.0');
}

/** Whether `version` is what was asked for: `26.1.5` is for `26`, `26.1` and `26.1.5`. */
export function isVersionOf(version: string, asked: string): boolean {
  return version === asked || version.startsWith(`${asked}.`);
}
