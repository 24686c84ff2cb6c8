import { closeSync, openSync } from 'node:fs';
import { SwarmctlError } from '../errors.ts';

/**
 * Opens a file that a flag names, before anything is touched: a run of minutes must not end without its report.
 * @param flag as the user wrote it, for the error.
 * @param mode `w` starts the file anew, `a` leaves alone what is in it.
 * @returns the file's descriptor
 * @throws SwarmctlError `usage` when it cannot be written
 */
export function openOutputFile(flag: string, path: string, mode: 'w' | 'a'): number {
  try {
    return openSync(path, mode);
  } catch (cause) {
    throw new SwarmctlError('usage', `${flag} ${path} cannot be written: ${reasonOf(cause)}.`, {
      hint: 'Give the path of a file in a folder that is there and that this user may write to.',
      cause,
    });
  }
}

/** Checks the same for a file that is only written at the end. */
export function checkOutputFile(flag: string, path: string): void {
  closeSync(openOutputFile(flag, path, 'a'));
}

const reasons: Record<string, string> = {
  ENOENT: 'its folder is not there',
  ENOTDIR: 'its folder is not there',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/** Why a file could not be written, in words. */
export function reasonOf(cause: unknown): string {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return reasons[code] ?? message;
}
