const blockBytes = 512;
/** Fields of a header by offset and length (POSIX.1-2001, ustar interchange format). */
const nameField = [0, 100] as const;
const sizeField = [124, 12] as const;
const typeOffset = 156;

/** Fills a buffer from a position, and says how many bytes it got. */
export type ReadAt = (buffer: Buffer, position: number) => number;

/** The contents of some files of a tar archive; the others are passed over without being read. */
export function readTarFiles(read: ReadAt, names: readonly string[]): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  const header = Buffer.alloc(blockBytes);
  let extendedSize: number | undefined;
  for (let position = 0; read(header, position) === blockBytes; ) {
    const name = text(header, nameField);
    if (name === '') break;
    const type = String.fromCharCode(header[typeOffset] ?? 0);
    const size = type === 'x' ? numberIn(header) : (extendedSize ?? numberIn(header));
    const content = () => contentAt(read, position + blockBytes, size);
    // An extended header is about the file after it.
    extendedSize = type === 'x' ? sizeIn(content()) : undefined;
    if (names.includes(name)) found.set(name, content());
    position += blockBytes + Math.ceil(size / blockBytes) * blockBytes;
  }
  return found;
}

function contentAt(read: ReadAt, position: number, size: number): Buffer {
  const content = Buffer.alloc(size);
  read(content, position);
  return content;
}

/** What an extended header says of the size of a file that the ordinary field has no room for. */
function sizeIn(records: Buffer): number | undefined {
  const [, size] = /^\d+ size=(\d+)$/m.exec(records.toString()) ?? [];
  return size === undefined ? undefined : Number(size);
}

/** Octal digits, or, where the first bit is set, a binary number (GNU tar). */
function numberIn(header: Buffer): number {
  const [offset, length] = sizeField;
  if ((header[offset] ?? 0) < 0x80) return Number.parseInt(text(header, sizeField).trim() || '0', 8);
  return Number(header.readBigUInt64BE(offset + length - 8));
}

function text(header: Buffer, [offset, length]: readonly [number, number]): string {
  const field = header.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString();
}
