import { SwarmctlError } from './errors.ts';

/**
 * The text of a file, without the byte order mark that some editors write.
 * @param shownAs the file's name for the reader.
 * @throws SwarmctlError `config` when it is not UTF-8
 */
export function decodeUtf8(bytes: Buffer, shownAs: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SwarmctlError('config', `${shownAs} is not text in UTF-8`, {
      hint: 'Save it as UTF-8.',
      cause,
    });
  }
}
