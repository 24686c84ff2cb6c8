import { type ErrorCode, SwarmctlError } from '../errors.ts';

interface Meaning {
  says: RegExp;
  code: ErrorCode;
  message: string;
  hint: string;
}

/**
 * What the system and Pulumi say when the state cannot be used: errno(3) in the words of Node and of Go, Pulumi
 * pkg/secrets/passphrase/manager.go, pkg/resource/stack/{checkpoint,deployment}.go, Go encoding/json.
 */
const meanings: Meaning[] = [
  {
    says: /ENOSPC|EDQUOT|EROFS|EACCES|no space left on device|disk quota exceeded|read-only file system|permission denied/,
    code: 'state-unwritable',
    message: 'The state cannot be written.',
    hint: 'Make room for it and make it writable, then run the same command again: the last state is whole.',
  },
  {
    says: /incorrect passphrase|passphrase must be set/,
    code: 'state-unreadable',
    message: 'The passphrase does not open the state.',
    hint: 'Give the right one in PULUMI_CONFIG_PASSPHRASE, or unset that where the state has its own in .swarmctl/passphrase.',
  },
  {
    says: /unsupported (checkpoint|deployment) version|version is too new|is newer than what this version/,
    code: 'state-unreadable',
    message: 'The state was written by a newer version.',
    hint: 'Use the version of swarmctl and of Pulumi that wrote it.',
  },
  {
    says: /unexpected end of JSON input|invalid character .+ (looking|after|in)|cannot unmarshal/,
    code: 'state-unreadable',
    message: 'The state is damaged.',
    hint: 'Put a backup in its place. Pulumi keeps the state before the last one beside each file, as .bak.',
  },
];

/** What a failed file operation means, where it is the state's; anything else stays what it is. */
export function orStateError(error: unknown): unknown {
  const { errno, message } = error as NodeJS.ErrnoException;
  return errno === undefined ? error : (stateError(message, error) ?? error);
}

/**
 * The error that a failure of a file operation or of Pulumi stands for, when it is one of the state.
 * @param text what was said.
 * @param files names of files that are known to be damaged.
 */
export function stateError(text: string, cause: unknown, files: string[] = []): SwarmctlError | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  for (const { says, code, message, hint } of meanings) {
    const line = lines.find((one) => says.test(one));
    if (line === undefined) continue;
    const said = line.replace(/^(stderr: )?error: /, '');
    return new SwarmctlError(code, message, { details: [said, ...files], hint, cause });
  }
  return undefined;
}
