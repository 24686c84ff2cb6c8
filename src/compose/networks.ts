import type { NetworkAttachmentConfig, NetworkSpec } from '../docker/engine-spec.ts';
import { SwarmctlError } from '../errors.ts';
import { stackLabels } from './labels.ts';
import type { ComposeFile, ComposeNetwork, ComposeService } from './model.ts';
import { withoutUnset } from './unset.ts';

/** The network of services that name none. */
const defaultNetwork = 'default';

/**
 * The networks that the services of the stack use, which is what `docker stack deploy` creates: one that is declared
 * and never used is left out.
 */
export function stackNetworks(
  compose: ComposeFile,
  stack: string,
): { networks: NetworkSpec[]; externalNetworks: string[] } {
  const declared = compose.model.networks ?? {};
  const used = new Set(Object.values(compose.model.services).flatMap((service) => networkKeys(service)));
  const created = [...used].filter((key) => !declared[key]?.external).sort();
  const external = [...used].filter((key) => declared[key]?.external);
  return {
    networks: created.map((key) => networkSpec(networkName(compose, stack, key), stack, declared[key] ?? {})),
    externalNetworks: external.map((key) => networkName(compose, stack, key)).sort(),
  };
}

function networkSpec(name: string, stack: string, network: ComposeNetwork): NetworkSpec {
  return withoutUnset<NetworkSpec>({
    Name: name,
    Driver: network.driver ?? 'overlay',
    Options: network.driver_opts,
    Internal: network.internal,
    Attachable: network.attachable,
    IPAM: withoutUnset<NonNullable<NetworkSpec['IPAM']>>({
      Driver: network.ipam?.driver,
      Config: network.ipam?.config?.map(({ subnet }) => ({ Subnet: subnet ?? '' })),
    }),
    Labels: stackLabels(stack, network.labels),
  });
}

/** Where the tasks of a service are attached, sorted by name. Other services find it there by its name in the file. */
export function networkAttachments(
  compose: ComposeFile,
  stack: string,
  name: string,
  service: ComposeService,
): NetworkAttachmentConfig[] {
  return networkKeys(service)
    .map((key) => {
      refuseUndeclared(compose, name, key);
      const target = networkName(compose, stack, key);
      const { aliases = [], driver_opts } = service.networks?.[key] ?? {};
      return withoutUnset<NetworkAttachmentConfig>({
        Target: target,
        Aliases: takesAliases(target) ? [...aliases, name] : aliases,
        DriverOpts: driver_opts,
      });
    })
    .sort((a, b) => (a.Target < b.Target ? -1 : 1));
}

function networkKeys(service: ComposeService): string[] {
  const keys = Object.keys(service.networks ?? {});
  return keys.length > 0 ? keys : [defaultNetwork];
}

function networkName(compose: ComposeFile, stack: string, key: string): string {
  return compose.model.networks?.[key]?.name ?? `${stack}_${key}`;
}

function refuseUndeclared(compose: ComposeFile, service: string, key: string): void {
  if (key === defaultNetwork || Object.hasOwn(compose.model.networks ?? {}, key)) return;
  const position = compose.locate('services', service, 'networks', key);
  throw new SwarmctlError('config', `${position}: network \`${key}\` is not declared`, {
    hint: 'Declare it under `networks:` at the top level.',
  });
}

/** The networks that every engine has by itself resolve no names. */
function takesAliases(network: string): boolean {
  return !['default', 'bridge', 'host', 'none'].includes(network);
}
