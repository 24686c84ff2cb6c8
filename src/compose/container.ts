import type { ConfigReference, ContainerSpec, Driver, Ulimit } from '../docker/engine-spec.ts';
import { capabilities } from './capabilities.ts';
import { credentialConfig, credentialSpec } from './credential-spec.ts';
import { compareText, fileMounts } from './file-objects.ts';
import { healthConfig } from './health.ts';
import { stackLabels } from './labels.ts';
import type { ComposeFile, ComposeService, Locate } from './model.ts';
import { mounts } from './mounts.ts';
import { durationNs } from './units.ts';
import { withoutUnset } from './unset.ts';

/** What the containers of a service are made of. */
export function containerSpec(
  compose: ComposeFile,
  stack: string,
  service: ComposeService,
  locate: Locate,
): ContainerSpec {
  const { dns, dns_search, cap_add, cap_drop } = service;
  return withoutUnset<ContainerSpec>({
    Image: service.image,
    Command: service.entrypoint,
    Args: service.command,
    Hostname: service.hostname,
    Hosts: service.extra_hosts?.flatMap(hostsLine),
    DNSConfig: withoutUnset({ Nameservers: dns, Search: dns_search }),
    Healthcheck: healthConfig(service.healthcheck, locate),
    Env: environment(service.environment),
    Labels: stackLabels(stack, service.labels),
    Dir: service.working_dir,
    User: service.user,
    Mounts: mounts(compose, stack, service.volumes ?? [], locate),
    StopGracePeriod: durationNs(service.stop_grace_period),
    StopSignal: service.stop_signal,
    TTY: service.tty,
    OpenStdin: service.stdin_open,
    ReadOnly: service.read_only,
    Init: service.init,
    Isolation: service.isolation?.toLowerCase(),
    Privileges: withoutUnset({ CredentialSpec: credentialSpec(compose, stack, service, locate) }),
    Sysctls: service.sysctls,
    ...capabilities(cap_add, cap_drop),
    Ulimits: ulimits(service.ulimits),
    ...fileReferences(compose, stack, service, locate),
  });
}

function fileReferences(
  { model }: ComposeFile,
  stack: string,
  service: ComposeService,
  locate: Locate,
): Pick<ContainerSpec, 'Configs' | 'Secrets'> {
  const { configs = {}, secrets = {} } = model;
  const mounted = fileMounts(stack, 'configs', service.configs ?? [], configs, locate);
  const runtime = credentialConfig(model, stack, service);
  const references: ConfigReference[] = [
    ...mounted.map(({ name, file }) => ({ File: file, ConfigName: name })),
    ...(runtime === undefined ? [] : [{ Runtime: {}, ConfigName: runtime }]),
  ];
  return {
    Configs: references.sort((a, b) => compareText(a.ConfigName, b.ConfigName)),
    Secrets: fileMounts(stack, 'secrets', service.secrets ?? [], secrets, locate).map(({ name, file }) => ({
      File: file,
      SecretName: name,
    })),
  };
}

/** The name goes up to the first colon, since an IPv6 address has more of them. */
function hostsLine(host: string): string[] {
  const colon = host.indexOf(':');
  return colon < 0 ? [] : [`${host.slice(colon + 1)} ${host.slice(0, colon)}`];
}

function environment(variables: Record<string, string | null> = {}): string[] {
  return Object.entries(variables)
    .map(([name, value]) => (value === null ? name : `${name}=${value}`))
    .sort();
}

function ulimits(limits: ComposeService['ulimits'] = {}): Ulimit[] {
  return Object.entries(limits)
    .map(([Name, limit]) => {
      const { soft = 0, hard = 0 } = typeof limit === 'number' ? { soft: limit, hard: limit } : limit;
      return { Name, Soft: soft, Hard: hard };
    })
    .sort((a, b) => (a.Name < b.Name ? -1 : 1));
}

/** Where the output of a service's tasks goes; undefined leaves it to the engine's configuration. */
export function logDriver(logging: ComposeService['logging']): Driver | undefined {
  return logging && withoutUnset<Driver>({ Name: logging.driver, Options: logging.options });
}
