import type { ErrorCode } from '../src/errors.ts';

/**
 * What the provider tells the CLI while it works, beside Pulumi's own diagnostics: ephemeral log messages of the
 * engine that carry JSON, so that nothing has to be read out of prose.
 */
export type ProviderMessage =
  | { kind: 'progress'; text: string }
  | { kind: 'failure'; code: ErrorCode; message: string; hint?: string; details: string[] };

const mark = 'swarmctl:';

export function encodeMessage(message: ProviderMessage): string {
  return mark + JSON.stringify(message);
}

/** The message in the text of an engine diagnostic, if it is one of ours. */
export function decodeMessage(text: string): ProviderMessage | undefined {
  const start = text.indexOf(mark);
  if (start < 0) return undefined;
  try {
    return JSON.parse(text.slice(start + mark.length)) as ProviderMessage;
  } catch {
    return undefined;
  }
}
