import { stackImageLabel } from '../compose/labels.ts';
import type { Stack } from '../compose/stack.ts';
import { openEngine } from '../docker/engine.ts';
import type { ServiceSpec } from '../docker/engine-spec.ts';
import { isImageId } from '../docker/image-name.ts';
import type { Swarm } from '../docker/swarm.ts';
import { readServices } from '../docker/swarm-objects.ts';

/**
 * Leaves to services the name of an image that they run with, where that is the one that is wanted by its ID: with
 * another reference, their tasks would be replaced by equal ones. So `docker stack deploy` left them.
 * @param endpoints of all nodes.
 */
export async function keepLiveImages(
  stack: Stack,
  swarm: Swarm,
  endpoints: readonly string[],
): Promise<Stack> {
  if (stack.services.length === 0) return stack;
  const live = new Map((await readServices(swarm)).map((service) => [service.Spec.Name, service]));
  const services = stack.services.map(async (wanted) => {
    const running = live.get(wanted.Name);
    if (!running || !namesLocalImage(running.Spec, wanted)) return wanted;
    const isSame = await allRun(imageOf(wanted), running.ID, endpoints);
    return isSame ? withImage(wanted, imageOf(running.Spec)) : wanted;
  });
  return { ...stack, services: await Promise.all(services) };
}

function namesLocalImage(live: ServiceSpec, wanted: ServiceSpec): boolean {
  return isImageId(imageOf(wanted)) && imageOf(live) === wanted.Labels[stackImageLabel];
}

/** Whether there are containers of a service, and all have that image. A node that is not reached may have others. */
async function allRun(imageId: string, serviceId: string, endpoints: readonly string[]): Promise<boolean> {
  const images = await Promise.all(endpoints.map((endpoint) => imagesOn(endpoint, serviceId)));
  const all = images.flat();
  return all.length > 0 && all.every((id) => id === imageId);
}

async function imagesOn(endpoint: string, serviceId: string): Promise<string[]> {
  const node = openEngine(endpoint);
  try {
    const filters = { label: [`com.docker.swarm.service.id=${serviceId}`] };
    const containers = await node.ask('listing the containers of a service', (api) =>
      api.listContainers({ filters }),
    );
    return containers.map(({ ImageID }) => ImageID);
  } catch {
    return ['unknown'];
  } finally {
    node.close();
  }
}

function imageOf({ TaskTemplate }: ServiceSpec): string {
  return TaskTemplate.ContainerSpec.Image;
}

function withImage(service: ServiceSpec, Image: string): ServiceSpec {
  const { ContainerSpec } = service.TaskTemplate;
  return {
    ...service,
    TaskTemplate: { ...service.TaskTemplate, ContainerSpec: { ...ContainerSpec, Image } },
  };
}
