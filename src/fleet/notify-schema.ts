import * as z from 'zod';
import { map, pattern } from './schema-parts.ts';

const happenings = ['success', 'failure', 'drift', 'recovered'] as const;

/** An address that anyone may post to is a secret: it is never in the file. */
const secretSource = z.union(
  [
    map({
      env: pattern(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of a variable such as SLACK_WEBHOOK_URL').describe(
        'The environment variable that holds it.',
      ),
    }),
    map({
      file: z
        .string({ error: 'the path of a file' })
        .min(1, { error: 'the path of a file' })
        .describe('The file that holds it, relative to this file.'),
    }),
  ],
  { error: 'a secret from { env: NAME } or { file: path }' },
);

const happening = z.enum(happenings, { error: happenings.join(', ') });

/** Who is told how a run has ended, and of what. */
export const notifySchema = map({
  slack: secretSource.optional().describe('The address of an incoming webhook of Slack.'),
  webhook: map({
    url: secretSource.describe('The address that the report is posted to, as JSON.'),
    secret: secretSource
      .optional()
      .describe('What the reports are signed with (HMAC-SHA256); unsigned by default.'),
  })
    .optional()
    .describe('A receiver of the whole report.'),
  on: z
    .union([happening, z.array(happening).min(1, { error: `one or more of ${happenings.join(', ')}` })], {
      error: `a list of ${happenings.join(', ')}`,
    })
    .optional()
    .describe('What is told: success, failure, drift, recovered. All but success by default.'),
})
  .refine(({ slack, webhook }) => slack !== undefined || webhook !== undefined, {
    error: 'slack, webhook or both',
  })
  .optional()
  .describe('Who is told how a run has ended.');
