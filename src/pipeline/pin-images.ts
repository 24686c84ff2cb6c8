import { stackImageLabel } from '../compose/labels.ts';
import type { Stack } from '../compose/stack.ts';
import { askRegistry } from '../docker/digests.ts';
import type { Platform, ServiceSpec } from '../docker/engine-spec.ts';
import { unlessSilent } from '../docker/failure.ts';
import { familiarName, isImageId, pinnedName } from '../docker/image-name.ts';
import { findImage, type NodeImage } from '../docker/images.ts';
import { type RegistryAuth, registryAuth } from '../docker/registry-auth.ts';
import type { Swarm } from '../docker/swarm.ts';
import { SwarmctlError } from '../errors.ts';
import type { BuiltApps } from './build.ts';
import type { ClusterContext } from './cluster.ts';
import { nodeImage } from './node-images.ts';

/** Apps whose services say exactly which image they run. */
export interface PinnedApps {
  stack: Stack;
  /** What the nodes have to be given, since no registry has it. */
  images: NodeImage[];
}

/** What a service is to run. */
interface Pin {
  image: string;
  platforms?: Platform[] | undefined;
  /** Set for an image that comes from this machine. */
  local?: NodeImage;
}

/** A service as the swarm has it. */
type LiveServices = ReadonlyMap<string, ServiceSpec>;

/**
 * Points each service at one image and no other: at the ID of an image that was built here, and at the digest that the
 * registry has for the tag now, as `docker stack deploy --resolve-image always` does. The name stays in a label.
 */
export async function pinImages(context: ClusterContext, apps: BuiltApps): Promise<PinnedApps> {
  const { services } = apps.stack;
  const live = await liveServices(context.swarm, apps.stack.name, services.length);
  const isHere = services.length > 0 && (await hasEngine(context));
  const pins = new Map<string, Promise<Pin>>();
  const pin = (service: ServiceSpec) => {
    const { Image } = service.TaskTemplate.ContainerSpec;
    const built = apps.built.get(service.Name);
    const running = runningPin(live.get(service.Name), Image, isHere);
    // Services that name the same image run the same one.
    const key = JSON.stringify([Image, built, running]);
    const pinned = pins.get(key) ?? pinImage(context, { name: Image, built, running, isHere });
    pins.set(key, pinned);
    return pinned;
  };
  const pinned = await Promise.all(services.map(async (service) => withPin(service, await pin(service))));
  const locals = (await Promise.all(pins.values())).flatMap(({ local }) => local ?? []);
  const images = [...new Map(locals.map((image) => [image.id, image])).values()];
  return { stack: { ...apps.stack, services: pinned }, images };
}

function withPin(service: ServiceSpec, { image, platforms = [] }: Pin): ServiceSpec {
  const { ContainerSpec, Placement, ...rest } = service.TaskTemplate;
  const placement = platforms.length > 0 ? { ...Placement, Platforms: platforms } : Placement;
  return {
    ...service,
    TaskTemplate: {
      ...rest,
      ContainerSpec: { ...ContainerSpec, Image: image },
      ...(placement && { Placement: placement }),
    },
  };
}

async function liveServices(swarm: Swarm, stack: string, wanted: number): Promise<LiveServices> {
  if (wanted === 0) return new Map();
  const filters = { label: [`com.docker.stack.namespace=${stack}`] };
  const services = await swarm.ask('listing the services', (api) => api.listServices({ filters }));
  return new Map((services as { Spec: ServiceSpec }[]).map(({ Spec }) => [Spec.Name, Spec]));
}

/** Without local nodes, there need be no engine on this machine. */
async function hasEngine({ run }: ClusterContext): Promise<boolean> {
  if (run.fleet.target === 'local') return true;
  const asking = run.outer.ask('asking whether it is there', (api) => api.ping());
  return asking.then(
    () => true,
    (error: unknown) => unlessSilent(error) ?? false,
  );
}

/**
 * What a service runs under the same name of an image from a registry; of any image where this machine cannot say which
 * one it has under the name.
 */
function runningPin(live: ServiceSpec | undefined, name: string, isHere: boolean): Pin | undefined {
  const { ContainerSpec, Placement } = live?.TaskTemplate ?? {};
  if (!ContainerSpec || live?.Labels[stackImageLabel] !== name) return undefined;
  if (isHere && isImageId(ContainerSpec.Image)) return undefined;
  return { image: ContainerSpec.Image, platforms: Placement?.Platforms };
}

async function pinImage(
  context: ClusterContext,
  {
    name,
    built,
    running,
    isHere,
  }: { name: string; built: string | undefined; running: Pin | undefined; isHere: boolean },
): Promise<Pin> {
  if (isImageId(name)) return { image: name };
  const found =
    built === undefined
      ? isHere && (await findImage(context.run.outer, name))
      : { id: built, hasDigest: false };
  if (found && !found.hasDigest) return localPin(context, name, found.id);
  const answer = await askRegistry(context.swarm, name, await authOf(context, name));
  if ('digest' in answer) return { image: pinnedName(name, answer.digest), platforms: answer.platforms };
  if (running) {
    tell(
      context,
      `The registry did not say what image ${name} is now, so what runs stays (${answer.reason})`,
    );
    return running;
  }
  // The containerd store gives a digest to every image, so only the registry could tell where this one is from.
  if (found && (await context.run.images.store()) === 'containerd') return localPin(context, name, found.id);
  tell(
    context,
    `Image ${name} could not be accessed on a registry to record its digest. Each node will access it independently, possibly leading to different nodes running different versions of the image (${answer.reason})`,
  );
  return { image: familiarName(name) };
}

async function localPin(context: ClusterContext, name: string, id: string): Promise<Pin> {
  const local = await nodeImage(context, name, id);
  return { image: local.id, local };
}

/** Many images need no credentials: ones that cannot be had are told of, and the registry decides. */
async function authOf(context: ClusterContext, name: string): Promise<RegistryAuth | undefined> {
  try {
    return await registryAuth(name);
  } catch (error) {
    if (!(error instanceof SwarmctlError)) throw error;
    tell(
      context,
      `${error.message} Asking for image ${name} without credentials. ${error.hint ?? ''}`.trim(),
    );
    return undefined;
  }
}

function tell({ run, cluster }: ClusterContext, message: string): void {
  run.emit({ type: 'note', level: 'warning', message, cluster: cluster.name });
}
