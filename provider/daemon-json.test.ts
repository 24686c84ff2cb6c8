import { expect, test } from 'vitest';
import { managedSettings, mergeDaemonJson, parseDaemonJson } from './daemon-json.ts';

test('what else is in the file stays, what is wanted no more goes', () => {
  const live = { 'registry-mirrors': ['https://mirror.example.com'], mtu: 1400, 'log-driver': 'json-file' };
  const before = { mtu: 1400, 'log-driver': 'local' };
  expect(mergeDaemonJson(live, before, { 'log-driver': 'local' })).toEqual({
    'registry-mirrors': ['https://mirror.example.com'],
    'log-driver': 'local',
  });
});

test('only managed keys are looked at', () => {
  expect(managedSettings({ mtu: 9000, debug: true }, { mtu: 1450, 'log-driver': 'local' })).toEqual({
    mtu: 9000,
  });
});

test.each([
  ['no file', '', {}],
  ['an empty file', ' \n', {}],
  ['settings', '{ "mtu": 1450, "live-restore": false }', { mtu: 1450, 'live-restore': false }],
])('%s', (_, text, settings) => {
  expect(parseDaemonJson(text, 'ssh://n1')).toEqual(settings);
});

test.each([
  ['{ mtu: 1450 }', 'is not JSON'],
  ['[]', 'holds no settings'],
  ['{ "live-restore": true }', 'has live-restore, which a swarm cannot be with'],
])('refused: %s', (text, why) => {
  expect(() => parseDaemonJson(text, 'ssh://n1')).toThrow(`/etc/docker/daemon.json of ssh://n1 ${why}.`);
});
