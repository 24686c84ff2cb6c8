import { createReadStream, createWriteStream, openSync, readSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SwarmctlError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { readTarFiles } from './tar.ts';

/**
 * An image saved whole, once for all nodes that get it. It is in a file without a name: the system frees its space
 * when this process ends, however it ends.
 */
export interface ImageArchive {
  /** Its size. */
  bytes: number;
  /** The image's ID in each kind of image store. */
  ids: StoredIds;
  /** Reads it from its start; several may read at once. */
  read(): Readable;
}

/**
 * How engines name an image: the classic store by the digest of its configuration, containerd's by that of its
 * manifest or index. Undefined where the archive does not say: engines before 25 write no manifest.
 */
export interface StoredIds {
  classic: string | undefined;
  containerd: string | undefined;
}

/** Milliseconds that an engine has to save an image. */
const saveDeadlineMs = 15 * 60_000;

/** Saves the image with this ID from an engine. */
export async function saveImage(engine: Engine, id: string): Promise<ImageArchive> {
  const fd = await openNameless();
  let bytes = 0;
  let archive: Readable | undefined;
  try {
    await engine.ask(
      `saving image ${id}`,
      async (api) => {
        archive = (await api.getImage(id).get()) as Readable;
        archive.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        });
        await pipeline(archive, createWriteStream('', { fd, autoClose: false })).catch(unlessNotWritten);
      },
      saveDeadlineMs,
    );
  } catch (error) {
    // The file stays open: its number would be another file's while the last piece is still being written.
    archive?.destroy();
    throw error;
  }
  return { bytes, ids: readIds(fd), read: () => createReadStream('', { fd, start: 0, autoClose: false }) };
}

/** Not /tmp: it is often small, and in memory. */
function temporaryFolder(): string {
  return process.env.TMPDIR || '/var/tmp';
}

/** What this machine's disk refuses is not the engine's fault. */
function unlessNotWritten(error: NodeJS.ErrnoException): never {
  if (error.syscall !== 'write') throw error;
  throw new SwarmctlError('docker', `An image cannot be saved in ${temporaryFolder()}: ${error.message}`, {
    hint: 'Make room there, or set TMPDIR to a folder that has some.',
    cause: error,
  });
}

async function openNameless(): Promise<number> {
  const folder = await mkdtemp(join(temporaryFolder(), 'swarmctl-image-'));
  try {
    return openSync(join(folder, 'image.tar'), 'wx+', 0o600);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Reads the two lists that an archive has: Docker's own and the index of an OCI layout. */
function readIds(fd: number): StoredIds {
  const read = (buffer: Buffer, position: number) => readSync(fd, buffer, 0, buffer.length, position);
  const files = readTarFiles(read, ['manifest.json', 'index.json']);
  const manifest = parse<{ Config?: string }[]>(files.get('manifest.json'));
  const index = parse<{ manifests?: { digest?: string }[] }>(files.get('index.json'));
  const config = /([0-9a-f]{64})(\.json)?$/.exec(manifest?.[0]?.Config ?? '')?.[1];
  return { classic: config && `sha256:${config}`, containerd: index?.manifests?.[0]?.digest };
}

function parse<T>(file: Buffer | undefined): T | undefined {
  if (!file) return undefined;
  try {
    return JSON.parse(file.toString()) as T;
  } catch (cause) {
    throw new SwarmctlError('docker', 'The engine of this machine saved an image that cannot be read.', {
      cause,
    });
  }
}
