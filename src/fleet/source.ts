import { readFile } from 'node:fs/promises';
import type { Document, LineCounter } from 'yaml';
import { SwarmctlError } from '../errors.ts';
import { decodeUtf8 } from '../utf8.ts';
import { parseFleetText } from './parse.ts';

/** A fleet file as far as YAML goes, not yet checked against its schema. */
export interface FleetSource {
  /** The file as the reader knows it, for messages. */
  shownAs: string;
  document: Document;
  lineCounter: LineCounter;
  data: unknown;
}

/** Where it is looked for in a folder. */
export const fleetFileNames = ['swarmctl.yaml', 'swarmctl.yml'] as const;

/** Far more than 64 clusters need; a wrong path should not fill the memory. */
const maxBytes = 512 * 1024;

/**
 * @param file absolute path
 * @param shownAs the file's name in messages
 * @throws usage when there is no such file
 * @throws config when it cannot be read, or is not one YAML document in UTF-8 with unique keys
 */
export async function readFleetSource(file: string, shownAs: string): Promise<FleetSource> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(shownAs, cause);
  });
  return { shownAs, ...parseFleetText(decode(bytes, shownAs), shownAs) };
}

function unreadable(shownAs: string, cause: NodeJS.ErrnoException): SwarmctlError {
  if (cause.code === 'ENOENT') {
    return new SwarmctlError('usage', `there is no fleet file ${shownAs}`, {
      hint: 'Give --file or SWARMCTL_FILE the path of a fleet file, or write one with `swarmctl init`.',
      cause,
    });
  }
  const reason = cause.code === 'EISDIR' ? 'it is a folder' : (cause.code ?? cause.message);
  return new SwarmctlError('config', `the fleet file ${shownAs} cannot be read: ${reason}`, {
    hint: 'Give --file or SWARMCTL_FILE the path of a file that this user may read.',
    cause,
  });
}

function decode(bytes: Buffer, shownAs: string): string {
  if (bytes.length > maxBytes) {
    throw new SwarmctlError(
      'config',
      `${shownAs} is larger than ${maxBytes / 1024} KB, so it is no fleet file`,
      {
        hint: 'Give --file or SWARMCTL_FILE the path of a fleet file.',
      },
    );
  }
  return decodeUtf8(bytes, shownAs);
}
