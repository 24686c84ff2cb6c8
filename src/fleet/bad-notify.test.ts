import { expect, test } from 'vitest';
import { correct, refusal } from './refused-file.ts';

const fine = 'fleet: shop\nclusters: { a: {} }\n';

test.each<[string, string, string, string?]>([
  [
    'an address in plain text, which is not repeated',
    `${fine}notify: { slack: https://hooks.slack.invalid/canary }\n`,
    'swarmctl.yaml:3:18: notify.slack: expected a secret from { env: NAME } or { file: path }, found a text',
  ],
  [
    'an address for the name of a variable, which is not repeated',
    `${fine}notify:\n  webhook: { url: { env: https://canary } }\n`,
    'swarmctl.yaml:4:26: notify.webhook.url.env: expected the name of a variable such as SLACK_WEBHOOK_URL, found a text',
  ],
  [
    'a secret from two places',
    `${fine}notify: { slack: { env: A, file: b } }\n`,
    'swarmctl.yaml:3:18: notify.slack: expected a secret from { env: NAME } or { file: path }, found a map',
  ],
  [
    'a webhook without an address',
    `${fine}notify: { webhook: { secret: { env: A } } }\n`,
    'swarmctl.yaml:3:11: notify.webhook.url: expected a secret from { env: NAME } or { file: path }, it is missing',
  ],
  [
    'a misspelt key of the webhook',
    `${fine}notify: { webhook: { url: { env: A }, secrets: { env: A } } }\n`,
    'swarmctl.yaml:3:39: unknown key "secrets" in notify.webhook',
    'Did you mean "secret"?',
  ],
  [
    'a file without a name',
    `${fine}notify: { slack: { file: "" } }\n`,
    'swarmctl.yaml:3:26: notify.slack.file: expected the path of a file, found a text',
  ],
  [
    'something that is not told',
    `${fine}notify: { slack: { env: A }, on: [failure, fail] }\n`,
    'swarmctl.yaml:3:44: notify.on[1]: expected success, failure, drift, recovered, found "fail"',
  ],
  [
    'nothing that is told',
    `${fine}notify: { slack: { env: A }, on: [] }\n`,
    'swarmctl.yaml:3:34: notify.on: expected one or more of success, failure, drift, recovered, found 0',
  ],
  [
    'nobody who is told',
    `${fine}notify: { on: [failure] }\n`,
    'swarmctl.yaml:3:9: notify: expected slack, webhook or both, found neither',
  ],
])('%s', async (_, text, message, hint = correct) => {
  const error = await refusal(text);
  expect({ message: error.message, details: error.details }).toEqual({ message, details: [] });
  expect(error.hint).toBe(hint);
});
