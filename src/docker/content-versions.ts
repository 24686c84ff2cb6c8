import type { ServiceSpec } from './engine-spec.ts';
import type { LiveContent } from './swarm-objects.ts';

const versioned = /^(?<name>.+)-(?<version>[0-9a-f]{12})$/;

/** A config or secret that carries its version in its name. */
export interface ContentVersion {
  id: string;
  /** With the version. */
  fullName: string;
  name: string;
  version: string;
  /** When this version was made, in ISO 8601. */
  createdAt: string;
}

/** The versions of a stack's configs or secrets, the newest first. */
export function versionsOf(contents: readonly LiveContent[], stack: string): ContentVersion[] {
  return contents
    .filter(({ Spec }) => Spec.Labels?.['com.docker.stack.namespace'] === stack)
    .flatMap(({ ID, CreatedAt, Spec }) => {
      const { name, version } = versioned.exec(Spec.Name)?.groups ?? {};
      return name && version ? [{ id: ID, fullName: Spec.Name, name, version, createdAt: CreatedAt }] : [];
    })
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

/** The names of the configs and secrets that a service mounts. */
export function mountedContents({ TaskTemplate }: ServiceSpec): string[] {
  const { Configs, Secrets, Privileges } = TaskTemplate.ContainerSpec;
  return [
    ...(Configs ?? []).map(({ ConfigName }) => ConfigName),
    ...(Secrets ?? []).map(({ SecretName }) => SecretName),
    ...(Privileges?.CredentialSpec?.Config ? [Privileges.CredentialSpec.Config] : []),
  ];
}

/** The versions that no service uses and that are older than the `keep` newest of those. */
export function outdatedVersions(
  versions: readonly ContentVersion[],
  services: readonly ServiceSpec[],
  keep: number,
): ContentVersion[] {
  // A credential spec is referred to by its id.
  const used = new Set(services.flatMap(mountedContents));
  const unused = versions.filter(({ id, fullName }) => !used.has(fullName) && !used.has(id));
  return [...Map.groupBy(unused, ({ name }) => name).values()].flatMap((ofOne) => ofOne.slice(keep));
}
