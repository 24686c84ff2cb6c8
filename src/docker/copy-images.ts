import type { Engine } from './engine.ts';
import type { ServiceSpec } from './engine-spec.ts';
import { unlessSilent } from './failure.ts';
import { isImageId } from './image-name.ts';
import type { ImageShelf } from './image-shelf.ts';
import { imageIds, loadImage } from './images.ts';
import type { Swarm } from './swarm.ts';

/** An engine that images can be had from. */
export interface ImageSource {
  engine: Engine;
  shelf: ImageShelf;
}

/** An image that services name by its ID, so that no registry can give it to a node. */
export interface ServiceImage {
  id: string;
  /** As the compose file names it. */
  name: string;
}

/** The images that the services of a swarm name by their IDs. */
export async function serviceImages(
  swarm: Swarm,
  filters: Record<string, string[]> = {},
): Promise<ServiceImage[]> {
  const services = await swarm.ask('listing the services', (api) => api.listServices({ filters }));
  const images = (services as { Spec: ServiceSpec }[]).flatMap(({ Spec }) => {
    const id = Spec.TaskTemplate.ContainerSpec?.Image ?? '';
    return isImageId(id) ? [[id, Spec.Labels?.['com.docker.stack.image'] ?? id] as const] : [];
  });
  return [...new Map(images)].map(([id, name]) => ({ id, name }));
}

/**
 * Gives a node the images that the services of its swarm run, before any task of them comes to it.
 * @param sources engines that may have them, in the order of preference.
 * @returns the names of images that none of them has.
 */
export async function copyServiceImages(
  swarm: Swarm,
  node: Engine,
  sources: () => ImageSource[],
  onProgress: (message: string) => void,
): Promise<string[]> {
  const wanted = await serviceImages(swarm);
  if (wanted.length === 0) return [];
  const present = await imageIds(node);
  const notFound: string[] = [];
  for (const { id, name } of wanted.filter((image) => !present.has(image.id))) {
    const source = await findSource(sources(), id);
    if (!source) {
      notFound.push(name);
      continue;
    }
    onProgress(`loading image ${name}`);
    await loadImage(node, { id, name, archive: () => source.shelf.archive(id) });
  }
  return notFound;
}

/** One that does not answer has nothing to give. */
async function findSource(sources: ImageSource[], id: string): Promise<ImageSource | undefined> {
  for (const source of sources) {
    const ids = await imageIds(source.engine).catch(unlessSilent);
    if (ids?.has(id)) return source;
  }
  return undefined;
}
