import { SwarmctlError } from '../errors.ts';
import type { ComposeDeploy, ComposeService, Locate } from './model.ts';
import { durationNs, nanoCpus } from './units.ts';

/** What an engine refuses, and where it stands below the service. */
interface Fault {
  path: string[];
  /** To follow the place. */
  message: string;
  hint: string;
}

/**
 * Refuses what the docker client lets through and every engine refuses, so that no deployment stops half-way.
 * The rules are those of moby/swarmkit, manager/controlapi (validateServiceSpec) and manager/constraint.
 * @param name of the service in the swarm
 * @throws SwarmctlError `config` with file, line and column
 */
export function refuseWhatEnginesRefuse(name: string, service: ComposeService, locate: Locate): void {
  const { deploy = {} } = service;
  const [fault] = [
    ...nameFaults(name),
    ...imageFaults(service),
    ...portFaults(service),
    ...mountFaults(service),
    ...constraintFaults(deploy),
    ...amountFaults(deploy),
    ...healthFaults(service),
    ...jobFaults(deploy),
    ...updateFaults(deploy),
  ];
  if (!fault) return;
  const { path, message, hint } = fault;
  throw new SwarmctlError('config', `${locate(...path)}: ${message}`, { hint });
}

const longestName = 63;

function nameFaults(name: string): Fault[] {
  const fits = /^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$/.test(name) && name.length <= longestName;
  const hint = `Letters, digits, inner hyphens and underscores, ${longestName} at most with the name of the fleet.`;
  return fits ? [] : [{ path: [], message: `no swarm takes \`${name}\` for the name of a service`, hint }];
}

/** The grammar of distribution/reference: host and port, path, tag, digest. */
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const imageReference = new RegExp(
  `^(?:(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:]+\\])(?::\\d+)?/)?${component}(?:/${component})*` +
    '(?::\\w[\\w.-]{0,127})?(?:@[A-Za-z][\\w+.-]*:[0-9a-fA-F]{32,})?$',
);

function imageFaults({ image }: ComposeService): Fault[] {
  if (!image || imageReference.test(image) || /^sha256:[0-9a-f]{64}$/.test(image)) return [];
  const hint = 'Write it like `registry.example.com/team/app:1.0`, in lower case up to the tag.';
  return [{ path: ['image'], message: `\`${image}\` cannot be the name of an image`, hint }];
}

function portFaults({ ports = [], deploy }: ComposeService): Fault[] {
  const faults: Fault[] = [];
  const taken = new Set<string>();
  for (const { published, protocol = 'tcp', mode = 'ingress' } of ports) {
    if (mode === 'ingress' && deploy?.endpoint_mode?.toLowerCase() === 'dnsrr')
      faults.push({
        path: ['ports'],
        message:
          'a port in mode `ingress` needs a virtual address, which `endpoint_mode: dnsrr` does without',
        hint: 'Publish it with `mode: host`, or remove `endpoint_mode`.',
      });
    const key = `${published}/${protocol} in mode ${mode}`;
    if (published && taken.has(key))
      faults.push({
        path: ['ports'],
        message: `port ${key} is published twice`,
        hint: 'Remove one of the two.',
      });
    taken.add(key);
  }
  return faults;
}

function mountFaults({ volumes = [] }: ComposeService): Fault[] {
  const targets = volumes.map(({ target }) => target);
  return targets.flatMap((target, index) =>
    targets.indexOf(target) === index
      ? []
      : [
          {
            path: ['volumes', String(index)],
            message: `two volumes have the same target \`${target}\``,
            hint: 'Remove one of the two.',
          },
        ],
  );
}

function constraintFaults({ placement }: ComposeDeploy): Fault[] {
  const isConstraint = (text: string) =>
    /^\s*[a-z_][a-z0-9\-_.]+\s*(==|!=)\s*[a-z0-9:\-_\s.*()?+[\]\\^$|/]+$/i.test(text);
  return (placement?.constraints ?? []).flatMap((text, index) =>
    isConstraint(text)
      ? []
      : [
          {
            path: ['deploy', 'placement', 'constraints', String(index)],
            message: `\`${text}\` is no constraint`,
            hint: 'Write it like `node.role == worker` or `node.labels.disk != hdd`.',
          },
        ],
  );
}

/** Billionths of a processor. */
const leastCpus = 1_000_000;
const leastMemory = 4 * 1024 * 1024;

function amountFaults({ resources = {} }: ComposeDeploy): Fault[] {
  return (['limits', 'reservations'] as const).flatMap((kind) => {
    const { cpus, memory } = resources[kind] ?? {};
    const path = ['deploy', 'resources', kind];
    const nano = nanoCpus(cpus) ?? 0;
    return [
      ...below(nano, leastCpus, [...path, 'cpus'], `\`cpus: ${cpus}\``, '0.001'),
      ...below(Number(memory ?? 0), leastMemory, [...path, 'memory'], `\`memory\` of ${memory} bytes`, '4M'),
    ];
  });
}

function below(value: number, least: number, path: string[], what: string, shownLeast: string): Fault[] {
  if (value === 0 || value >= least) return [];
  return [{ path, message: `${what} is less than an engine takes`, hint: `Use ${shownLeast} or more.` }];
}

const leastHealthTime = 1_000_000;

function healthFaults({ healthcheck = {} }: ComposeService): Fault[] {
  const { interval, timeout, start_period, start_interval } = healthcheck;
  return Object.entries({ interval, timeout, start_period, start_interval }).flatMap(([key, duration]) =>
    below(durationNs(duration) ?? 0, leastHealthTime, ['healthcheck', key], `\`${key}: ${duration}\``, '1ms'),
  );
}

function jobFaults({ mode = '', update_config }: ComposeDeploy): Fault[] {
  if (!mode.endsWith('-job') || !update_config) return [];
  const message = `\`mode: ${mode}\` takes no \`update_config\``;
  return [{ path: ['deploy', 'update_config'], message, hint: 'A changed job is started anew: remove it.' }];
}

function updateFaults(deploy: ComposeDeploy): Fault[] {
  return (['update_config', 'rollback_config'] as const).flatMap((key) => {
    const ratio = deploy[key]?.max_failure_ratio ?? 0;
    if (ratio >= 0 && ratio <= 1) return [];
    const path = ['deploy', key, 'max_failure_ratio'];
    return [{ path, message: `\`max_failure_ratio: ${ratio}\` is no ratio`, hint: 'Use 0 to 1.' }];
  });
}
