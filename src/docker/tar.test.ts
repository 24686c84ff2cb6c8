import { closeSync, openSync, readSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readTarFiles } from './tar.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Makes an archive with the system's tar and reads the file `index.json` in it. */
async function indexIn(format: string): Promise<string | undefined> {
  const archive = join(folder, 'image.tar');
  await execa('tar', [`--format=${format}`, '-cf', archive, 'blobs', 'index.json', 'last'], { cwd: folder });
  const fd = openSync(archive, 'r');
  try {
    const read = (buffer: Buffer, position: number) => readSync(fd, buffer, 0, buffer.length, position);
    return readTarFiles(read, ['index.json']).get('index.json')?.toString();
  } finally {
    closeSync(fd);
  }
}

test.each(['gnu', 'pax'])('a file among others in an archive of the %s format', async (format) => {
  await mkdir(join(folder, 'blobs'));
  await writeFile(join(folder, 'blobs', `${'long-'.repeat(25)}name`), 'x'.repeat(700));
  await writeFile(join(folder, 'index.json'), '{"manifests":[]}');
  await writeFile(join(folder, 'last'), '');
  expect(await indexIn(format)).toBe('{"manifests":[]}');
});

test('nothing is found where there is nothing', () => {
  expect(readTarFiles(() => 0, ['index.json'])).toEqual(new Map());
});

test.each([
  ['gnu', false],
  ['pax', true],
])('what comes after a file of 9 GiB, in the %s format', (format, isExtended) => {
  const size = 9 * 1024 ** 3;
  const blocks = new Map<number, Buffer>();
  let position = 0;
  const add = (name: string, type: string, bytes: number, content?: Buffer) => {
    blocks.set(position, header(name, type, bytes));
    if (content) blocks.set(position + 512, content);
    position += 512 + Math.ceil((isExtended && name === 'layer' ? size : bytes) / 512) * 512;
  };
  const record = Buffer.from(`20 size=${size}\n`);
  if (isExtended) add('PaxHeaders/layer', 'x', record.length, record);
  add('layer', '0', isExtended ? 0 : size);
  add('index.json', '0', 2, Buffer.from('{}'));
  const read = (buffer: Buffer, at: number) => {
    blocks.get(at)?.copy(buffer);
    return blocks.has(at) ? buffer.length : 0;
  };
  expect(readTarFiles(read, ['index.json']).get('index.json')?.toString(), format).toBe('{}');
});

/** A header as GNU tar writes it: a size above 8 GiB is a binary number. */
function header(name: string, type: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write(type, 156);
  if (size < 8 ** 11) block.write(size.toString(8).padStart(11, '0'), 124);
  else {
    block[124] = 0x80;
    block.writeBigUInt64BE(BigInt(size), 128);
  }
  return block;
}
