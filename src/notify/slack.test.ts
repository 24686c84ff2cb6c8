import { expect, test } from 'vitest';
import type { Happening } from '../fleet/model.ts';
import type { Report } from '../report/report.ts';
import { failedCluster, sampleCluster, sampleReport } from '../report/sample-report.ts';
import { slackDelivery } from './slack.ts';

interface Message {
  text: string;
  blocks: { type: string; text?: { type: string; text: string }; elements?: { text: string }[] }[];
}

function message(report: Report, happening: Happening = 'failure'): Message {
  return JSON.parse(slackDelivery(new URL('https://slack.invalid'), report, happening, 'ci-7').body);
}

function sections({ blocks }: Message): string[] {
  return blocks.filter(({ type }) => type === 'section').map(({ text }) => text?.text ?? '');
}

test('a title, a section for each cluster, the failed ones first, and where it ran', () => {
  const step = { op: 'update', type: 'Service', name: 'shop_web', fields: ['spec.Mode'] } as const;
  const updated = sampleCluster({ steps: [{ ...step, fields: [...step.fields] }] });
  const report = { ...sampleReport([updated, failedCluster()]), fleet: 'shop' };
  expect(message(report)).toEqual({
    text: '❌ up of shop: 1 updated, 1 failed',
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: '❌ up of shop: 1 updated, 1 failed' } },
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text:
            '*eu-west-1* failed in 1m07s · 3 to create, 1 to update, 5 unchanged · services 0/1\n' +
            'Service web did not converge: task web.2 ended with exit code 1. (service-failed)\n' +
            '→ Correct the compose file and run `swarmctl up` again.',
        },
      },
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text:
            '*us-east-1* updated in 14.2s · 3 created, 1 updated, 5 unchanged · services 1/1\n' +
            '• update Service shop_web',
        },
      },
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: '`swarmctl up` · exit code 1 · 14.2s · ci-7' }],
      },
    ],
  });
});

test('what an app has logged stays out of the chat', () => {
  expect(JSON.stringify(message(sampleReport([failedCluster()])))).not.toContain('panic');
});

test('a run that reached no cluster has its error', () => {
  const error = { code: 'state-unreadable', message: 'The state is damaged.' } as const;
  const report = { ...sampleReport([]), ok: false, exitCode: 1, error } as const;
  expect(sections(message(report))).toEqual(['The state is damaged. (state-unreadable)']);
});

test.each([
  ['recovered', '✅ up: 1 updated, recovered'],
  ['success', '✅ up: 1 updated'],
  ['drift', '🟠 up: 1 updated'],
] as const)('%s is seen by the title', (happening, title) => {
  expect(message(sampleReport([sampleCluster()]), happening).text).toBe(title);
});

test('the limits of Block Kit are kept, however much there is to tell', () => {
  const error = { code: 'engine', message: 'x<'.repeat(5000), hint: 'y'.repeat(5000) } as const;
  const clusters = Array.from({ length: 64 }, (_, index) => failedCluster({ name: `c${index}`, error }));
  const told = message({ ...sampleReport(clusters), fleet: 'f'.repeat(200) });
  expect(told.blocks).toHaveLength(50);
  expect(told.blocks[0]?.text?.text).toHaveLength(150);
  for (const text of sections(told)) {
    expect(text.length).toBeLessThanOrEqual(3000);
    expect(text).not.toMatch(/&[a-z]*…$/);
  }
  expect(sections(told).at(-1)).toBe('… and 17 more clusters');
});

test('many changes are counted', () => {
  const step = { op: 'create', type: 'Service', fields: [] } as const;
  const steps = Array.from({ length: 14 }, (_, index) => ({ ...step, name: `s${index}`, fields: [] }));
  const [text = ''] = sections(message(sampleReport([sampleCluster({ steps })])));
  expect(text).toMatch(/• create Service s9\n• … and 4 more$/);
});

test('drift is told by its fields, without their values', () => {
  const finding = {
    kind: 'drift',
    type: 'Service',
    name: 'shop_web',
    check: 'changed',
    level: 'problem',
  } as const;
  const fields = [{ path: 'spec.Env', expected: 'a', found: 'canary' }];
  const ignored = { ...finding, name: 'shop_old', level: 'ignored', fields: [] } as const;
  const drift = {
    compared: 3,
    findings: [
      { ...finding, fields },
      { ...ignored, fields: [] },
    ],
  };
  const told = message(
    sampleReport([sampleCluster(), sampleCluster({ outcome: 'drifted', drift })], 'drift-check'),
  );
  expect(sections(told)[0]).toBe(
    '*us-east-1* drift in 14.2s · 1 drift, 1 ignored · services 1/1\n• drift: Service shop_web: spec.Env',
  );
});

test('nothing in it is a mention, a link or a control character', () => {
  const hostile = '<!channel> <https://evil.invalid|here> & \u001b[31mred';
  const error = { code: 'engine', message: hostile, hint: hostile } as const;
  const text = JSON.stringify(message(sampleReport([failedCluster({ error })])));
  expect(text).toContain('&lt;!channel&gt; &lt;https://evil.invalid|here&gt; &amp; red');
  expect(text).not.toMatch(/<|\\u001b/);
});
