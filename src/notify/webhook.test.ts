import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { sampleCluster, sampleReport } from '../report/sample-report.ts';
import { webhookDelivery } from './webhook.ts';

const url = new URL('https://hooks.invalid/swarmctl');
const report = sampleReport([sampleCluster()]);

test('the body is the report, and the headers tell what it is about', () => {
  const { body, headers } = webhookDelivery(url, undefined, report, 'recovered');
  expect(JSON.parse(body)).toEqual(report);
  expect(headers).toEqual({
    'swarmctl-happening': 'recovered',
    'webhook-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
  });
});

test.each([
  ['a text', 'correct horse', Buffer.from('correct horse')],
  ['whsec_ and base64', 'whsec_Y29ycmVjdCBob3JzZQ==', Buffer.from('correct horse')],
])('%s is the key of an HMAC-SHA256 over id, time and body', (_, secret, key) => {
  const { body, headers } = webhookDelivery(url, secret, report, 'failure');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const expected = createHmac('sha256', key).update(signed).digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${expected}`);
});

test('each notice has an id of its own', () => {
  const ids = [1, 2].map(() => webhookDelivery(url, undefined, report, 'success').headers['webhook-id']);
  expect(new Set(ids).size).toBe(2);
});
