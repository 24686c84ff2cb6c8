import { isDeepStrictEqual } from 'node:util';
import type { ConfigReference, SecretReference, ServiceSpec, TaskSpec } from './engine-spec.ts';
import { withoutForcedUpdates } from './forced-updates.ts';

type FileReference = Partial<ConfigReference & SecretReference>;

/** What the engine fills in where nothing was said; by path, with `*` for any element of a list. */
const engineDefaults: Record<string, unknown> = {
  'Mode.Replicated.Replicas': 1,
  'Mode.ReplicatedJob.MaxConcurrent': 1,
  'Mode.ReplicatedJob.TotalCompletions': 1,
  'TaskTemplate.ContainerSpec.Isolation': 'default',
  'TaskTemplate.ContainerSpec.StopGracePeriod': 10_000_000_000,
  'TaskTemplate.ContainerSpec.Privileges.NoNewPrivileges': false,
  'TaskTemplate.Runtime': 'container',
  'TaskTemplate.RestartPolicy.Condition': 'any',
  'TaskTemplate.RestartPolicy.Delay': 5_000_000_000,
  'TaskTemplate.RestartPolicy.MaxAttempts': 0,
  'EndpointSpec.Mode': 'vip',
  'EndpointSpec.Ports.*.Protocol': 'tcp',
  'EndpointSpec.Ports.*.PublishMode': 'ingress',
  'UpdateConfig.FailureAction': 'pause',
  'UpdateConfig.Order': 'stop-first',
  'UpdateConfig.Delay': 0,
  'UpdateConfig.MaxFailureRatio': 0,
  'RollbackConfig.FailureAction': 'pause',
  'RollbackConfig.Order': 'stop-first',
  'RollbackConfig.Delay': 0,
  'RollbackConfig.MaxFailureRatio': 0,
};

/** What the engine takes where a spec says nothing at a path, such as `Ports[0].Protocol`; undefined where nothing. */
export function engineDefault(path: string): unknown {
  return engineDefaults[path.replaceAll(/\[\d+\]/g, '.*')];
}

/** Maps whose keys and values are the user's: an empty value in them means something. */
const userMaps = /(^|\.)(Labels|Options|Sysctls|DriverOpts)$/;

/** Zero is not the same as nothing here: none to run, all at once, no delay, no init process. */
const meaningfulZero =
  /(Replicas|Parallelism|MaxAttempts|Delay|StopGracePeriod|MaxConcurrent|TotalCompletions|Init)$/;

/** `docker stack deploy` lists what one secret or config is mounted as in a new order each time. */
const inAnyOrder = /\.(Configs|Secrets)$/;

/** The docker client sends it and the engine forgets it. */
const forgotten = 'TaskTemplate.ContainerSpec.Mounts.*.Consistency';

/**
 * The one form of all specs that mean the same: without what the engine fills in by itself and without empty
 * values. The counters of forced updates are no part of it.
 */
export function canonicalServiceSpec(spec: ServiceSpec): ServiceSpec {
  return (prune(withoutForcedUpdates(spec), '') ?? {}) as ServiceSpec;
}

/**
 * Whether a task has the template that its service has now. Placement is left out: a task that fits changed rules is
 * kept by the swarm.
 */
export function hasTemplate(task: TaskSpec, template: TaskSpec): boolean {
  const canonical = ({ Placement: _, ...rest }: TaskSpec) =>
    canonicalServiceSpec({ Name: '', Labels: {}, Mode: {}, TaskTemplate: rest }).TaskTemplate;
  return task.ForceUpdate === template.ForceUpdate && isDeepStrictEqual(canonical(task), canonical(template));
}

function prune(value: unknown, path: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => prune(item, `${path}.*`) ?? item);
    if (inAnyOrder.test(path)) items.sort(byNameAndTarget);
    return items.length > 0 ? items : undefined;
  }
  if (typeof value === 'object' && value !== null) return pruneObject(value, path);
  if ((path in engineDefaults && engineDefaults[path] === value) || path === forgotten) return undefined;
  const isZero = value === null || value === '' || value === 0 || value === false;
  return isZero && !meaningfulZero.test(path) ? undefined : value;
}

function byNameAndTarget(a: FileReference, b: FileReference): number {
  const key = ({ ConfigName, SecretName, File }: FileReference) =>
    `${ConfigName ?? SecretName} ${File?.Name}`;
  return key(a) < key(b) ? -1 : 1;
}

function pruneObject(value: object, path: string): unknown {
  if (userMaps.test(path)) return Object.keys(value).length > 0 ? value : undefined;
  const kept = Object.entries(value)
    .map(([key, inner]) => [key, prune(inner, path ? `${path}.${key}` : key)] as const)
    .filter(([, inner]) => inner !== undefined);
  return kept.length > 0 || speaksByItself(path) ? Object.fromEntries(kept) : undefined;
}

/** `Mode: { Global: {} }` says all that there is to say, and so does `Runtime: {}` of a config. */
function speaksByItself(path: string): boolean {
  return path.startsWith('Mode.') || path.endsWith('.Configs.*.Runtime');
}
