import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { sampleReport } from '../report/sample-report.ts';
import { webhookDelivery } from './webhook.ts';

test('the receiver in docs/notices.md takes what is genuine and nothing else', async () => {
  const { isGenuine } = await documentedReceiver();
  const { headers, body } = webhookDelivery(new URL('https://a.invalid'), 'key', sampleReport([]), 'drift');
  expect(isGenuine(headers, body, 'key')).toBe(true);
  expect(isGenuine(headers, body, 'another')).toBe(false);
  expect(isGenuine(headers, body.replace('drift', 'clean').replace('up', 'UP'), 'key')).toBe(false);
  const old = String(Number(headers['webhook-timestamp']) - 600);
  expect(isGenuine({ ...headers, 'webhook-timestamp': old }, body, 'key')).toBe(false);
  expect(isGenuine({}, body, 'key')).toBe(false);
});

/** The code block of the page as a module. */
async function documentedReceiver(): Promise<{
  isGenuine(headers: Record<string, string>, body: string, secret: string): boolean;
}> {
  const page = await readFile(join(packageRoot, 'docs', 'notices.md'), 'utf8');
  const [, code = ''] = /^```js\n(.*?)^```/ms.exec(page) ?? [];
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-docs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'receiver.mjs');
  await writeFile(file, code);
  return import(file);
}
