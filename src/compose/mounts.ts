import type { Driver, Mount, VolumeOptions } from '../docker/engine-spec.ts';
import { SwarmctlError } from '../errors.ts';
import { stackLabels } from './labels.ts';
import type { ComposeFile, ComposeMount, ComposeVolume, Locate } from './model.ts';
import { withoutUnset } from './unset.ts';

/** The keys that hold the options of one type of mount. */
const optionKeys = ['bind', 'volume', 'tmpfs'] as const;

/** Which of them a type takes; npipe takes more than it uses, as in the docker client. */
const takenOptions: Record<string, readonly (typeof optionKeys)[number][]> = {
  volume: ['volume'],
  bind: ['bind'],
  tmpfs: ['tmpfs'],
  npipe: ['bind'],
  cluster: [],
  image: [],
};

/** Types of which the source may be missing, and the one that takes none. */
const sourceIsOptional = new Set(['volume', 'tmpfs']);

/**
 * What the containers of a service mount.
 * @throws SwarmctlError `config` where the docker client refuses: options of another type, a missing source, a volume
 *   that is not declared
 */
export function mounts(
  compose: ComposeFile,
  stack: string,
  volumes: readonly ComposeMount[],
  locate: Locate,
): Mount[] {
  return volumes.map((volume, index) => {
    const refusal = refusalOf(volume);
    if (refusal) throw new SwarmctlError('config', `${locate('volumes', String(index))}: ${refusal}`);
    const declared = () => declaredVolume(compose, volume, locate);
    return withoutUnset<Mount>({ ...common(volume), ...optionsOf(volume, stack, declared) });
  });
}

function common({ type, source, target, read_only, consistency }: ComposeMount): Mount {
  return withoutUnset<Mount>({
    Type: type,
    Source: source,
    Target: target,
    ReadOnly: read_only,
    Consistency: consistency,
  });
}

function refusalOf(volume: ComposeMount): string | undefined {
  const { type, source } = volume;
  const taken = takenOptions[type];
  if (!taken) return `a volume of type \`${type}\` is not known; use ${Object.keys(takenOptions).join(', ')}`;
  const other = optionKeys.find((key) => volume[key] && !taken.includes(key));
  if (other) return `a volume of type \`${type}\` takes no options under \`${other}\``;
  if (!source && !sourceIsOptional.has(type)) return `a volume of type \`${type}\` needs a \`source\``;
  if (source && type === 'tmpfs') return 'a volume of type `tmpfs` takes no `source`';
  return undefined;
}

function optionsOf(volume: ComposeMount, stack: string, declared: () => ComposeVolume): Partial<Mount> {
  const { type, source = '', bind, tmpfs } = volume;
  if (bind) return { BindOptions: withoutUnset({ Propagation: bind.propagation }) };
  if (tmpfs) return { TmpfsOptions: withoutUnset({ SizeBytes: tmpfs.size }) };
  if (type === 'cluster') return { Source: clusterSource(source, stack, declared) };
  if (type !== 'volume' || !source) return {};
  const named = declared();
  return { Source: volumeName(source, stack, named), VolumeOptions: volumeOptions(volume, stack, named) };
}

function volumeName(key: string, stack: string, { name }: ComposeVolume): string {
  return name ?? `${stack}_${key}`;
}

/** A group of volumes is the swarm's, not one stack's. */
function clusterSource(source: string, stack: string, declared: () => ComposeVolume): string {
  return source.startsWith('group:') ? source : volumeName(source, stack, declared());
}

/** An engine makes the volume from these where a task first needs it; an external one exists already. */
function volumeOptions(
  { volume = {} }: ComposeMount,
  stack: string,
  { external, labels, driver, driver_opts }: ComposeVolume,
): VolumeOptions {
  return withoutUnset<VolumeOptions>({
    NoCopy: volume.nocopy,
    Subpath: volume.subpath,
    Labels: external ? undefined : stackLabels(stack, labels),
    DriverConfig: external ? undefined : withoutUnset<Driver>({ Name: driver, Options: driver_opts }),
  });
}

function declaredVolume(
  { model }: ComposeFile,
  { source = '' }: ComposeMount,
  locate: Locate,
): ComposeVolume {
  const { volumes = {} } = model;
  if (Object.hasOwn(volumes, source)) return volumes[source] ?? {};
  throw new SwarmctlError('config', `${locate('volumes', source)}: volume \`${source}\` is not declared`, {
    hint: 'Declare it under `volumes:` at the top level; a path starts with `./` or `/`.',
  });
}
