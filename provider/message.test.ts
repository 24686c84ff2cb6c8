import { expect, test } from 'vitest';
import { decodeMessage, encodeMessage, type ProviderMessage } from './message.ts';

const failure: ProviderMessage = {
  kind: 'failure',
  code: 'service-failed',
  message: 'A task of service shop_web keeps failing.',
  hint: 'Fix the cause and run swarmctl up again.',
  details: ['| line one', '| "quoted" µ \\ {'],
};

test.each<ProviderMessage>([{ kind: 'progress', text: 'draining, 2 tasks left' }, failure])(
  'a message comes back as it was: $kind',
  (message) => {
    expect(decodeMessage(encodeMessage(message))).toEqual(message);
  },
);

test('what the engine puts before a message and the line end after it do no harm', () => {
  expect(decodeMessage(`info: ${encodeMessage(failure)}\n`)).toEqual(failure);
});

test.each(['', 'creating service', 'swarmctl:', 'swarmctl: failed {', 'see swarmctl:up'])(
  '%j is no message of ours',
  (text) => {
    expect(decodeMessage(text)).toBeUndefined();
  },
);
