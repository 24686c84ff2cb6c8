import type { Engine } from './engine.ts';
import { type ImageArchive, type StoredIds, saveImage } from './image-archive.ts';
import { readStoredIds, writeStoredIds } from './stored-ids.ts';

/** The two ways in which engines keep images; an image's ID depends on it. */
export type ImageStore = keyof StoredIds;

/** The images of one engine, each saved at most once, when it is first needed. */
export interface ImageShelf {
  archive(id: string): Promise<ImageArchive>;
  /** The ID that the image has in a store of this kind; undefined when it cannot be told. */
  idIn(store: ImageStore, id: string): Promise<string | undefined>;
  /** How the engine itself keeps its images. */
  store(): Promise<ImageStore>;
}

/**
 * @param source the engine.
 * @param memory folder in which it is kept from run to run how other stores name the images.
 */
export function openImageShelf(source: Engine, memory?: string): ImageShelf {
  const archives = new Map<string, Promise<ImageArchive>>();
  let own: Promise<ImageStore> | undefined;
  const store = () => {
    own ??= imageStoreOf(source);
    return own;
  };
  const save = async (id: string) => {
    const saved = await saveImage(source, id);
    if (memory) await writeStoredIds(memory, id, saved.ids);
    return saved;
  };
  const archive = (id: string) => {
    const saved = archives.get(id) ?? save(id);
    archives.set(id, saved);
    return saved;
  };
  return {
    archive,
    store,
    async idIn(wanted, id) {
      // The containerd store of an engine may hold more of an image than it saves.
      if (wanted === 'classic' && (await store()) === 'classic') return id;
      const known = memory && (await readStoredIds(memory, id));
      return (known || (await archive(id)).ids)[wanted];
    },
  };
}

/** How an engine keeps its images. */
export async function imageStoreOf(engine: Engine): Promise<ImageStore> {
  const { DriverStatus = [] } = (await engine.ask('asking for its image store', (api) => api.info())) as {
    DriverStatus?: [string, string][];
  };
  const isContainerd = DriverStatus.some(([, value]) => value === 'io.containerd.snapshotter.v1');
  return isContainerd ? 'containerd' : 'classic';
}
