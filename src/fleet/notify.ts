import { resolve } from 'node:path';
import type { Happening, Notify, SecretSource } from './model.ts';
import type { FleetFile } from './schema.ts';

/** A team that is told of every success reads no notice any more. */
const usual: readonly Happening[] = ['failure', 'drift', 'recovered'];

/**
 * Who is told, as a checked file describes it.
 * @param directory absolute folder that paths are relative to
 */
export function buildNotify(
  { slack, webhook, on }: NonNullable<FleetFile['notify']>,
  directory: string,
): Notify {
  const located = (source: SecretSource) =>
    'file' in source ? { file: resolve(directory, source.file) } : source;
  return {
    ...(slack && { slack: located(slack) }),
    ...(webhook && {
      webhook: { url: located(webhook.url), ...(webhook.secret && { secret: located(webhook.secret) }) },
    }),
    on: [on ?? usual].flat(),
  };
}
