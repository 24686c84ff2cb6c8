import { createHmac, randomUUID } from 'node:crypto';
import type { Happening } from '../fleet/model.ts';
import type { Report } from '../report/report.ts';
import type { Delivery } from './deliver.ts';

/**
 * The report as `--json` prints it, with the headers of Standard Webhooks 1.0 (standardwebhooks.com), so that
 * receivers can check it with a library of theirs: `webhook-id`, `webhook-timestamp`, `webhook-signature`.
 * @param secret signs it; unsigned without.
 */
export function webhookDelivery(
  url: URL,
  secret: string | undefined,
  report: Report,
  happening: Happening,
): Delivery {
  const id = randomUUID();
  const seconds = String(Math.floor(Date.now() / 1000));
  const body = JSON.stringify(report);
  const headers = { 'webhook-id': id, 'webhook-timestamp': seconds, 'swarmctl-happening': happening };
  if (secret === undefined) return { url, headers, body };
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`).digest('base64');
  return { url, headers: { ...headers, 'webhook-signature': `v1,${signature}` }, body };
}

/** What stands behind `whsec_` is base64, as the specification has it; anything else is taken as it is. */
function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret);
}
