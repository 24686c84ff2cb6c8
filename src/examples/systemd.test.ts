import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { exitCodes } from '../errors.ts';
import { exampleFile } from './example-files.ts';

const service = 'swarmctl-drift-check.service';
const timer = 'swarmctl-drift-check.timer';
const watcher = 'swarmctl-watch.service';
const unit = parseUnit(exampleFile(`systemd/${service}`));

/** The settings of a unit file, by section and key; a key that is written twice has both values. */
function parseUnit(text: string): Record<string, Record<string, string[]>> {
  const sections: Record<string, Record<string, string[]>> = {};
  let section: Record<string, string[]> | undefined;
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, header] = /^\[([A-Z][a-z]+)\]$/.exec(line) ?? [];
    const [, key, value] = /^([A-Z][A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (header) section = sections[header] = {};
    else if (!section || key === undefined || value === undefined) throw new Error(`no setting: ${line}`);
    else section[key] = [...(section[key] ?? []), value];
  }
  return sections;
}

/** The exit codes that a setting names. */
function codesOf(key: string): number[] {
  return (unit.Service?.[key]?.[0] ?? '').split(' ').map(Number);
}

test('every exit code means something to it: drift is success, what cannot pass is not tried again', () => {
  expect(codesOf('SuccessExitStatus')).toEqual([exitCodes.driftOrPending]);
  const { failed, done, driftOrPending, ...lasting } = exitCodes;
  expect(codesOf('RestartPreventExitStatus')).toEqual(Object.values(lasting));
  expect(unit.Service?.Restart).toEqual(['on-failure']);
});

test('it runs once, for as long as it takes to stop in a valid state, and not as root', () => {
  expect(unit.Service).toMatchObject({
    Type: ['oneshot'],
    User: ['swarmctl'],
    TimeoutStartSec: ['20min'],
    TimeoutStopSec: ['2min'],
    NoNewPrivileges: ['yes'],
    ProtectSystem: ['strict'],
    CapabilityBoundingSet: [''],
  });
  // Node compiles at run time.
  expect(unit.Service).not.toHaveProperty('MemoryDenyWriteExecute');
});

test('secrets are files, never in the environment', () => {
  const variables = unit.Service?.Environment ?? [];
  expect(variables.filter((variable) => /PASSPHRASE=|WEBHOOK|TOKEN|KEY/.test(variable))).toEqual([]);
  expect(unit.Service?.LoadCredential).toHaveLength(2);
});

test('the timer is for the service of its name, every night', () => {
  const { Timer, Install } = parseUnit(exampleFile(`systemd/${timer}`));
  expect(timer.replace('.timer', '.service')).toBe(service);
  expect(Timer).toEqual({
    OnCalendar: ['*-*-* 03:17:00'],
    RandomizedDelaySec: ['10min'],
    Persistent: ['yes'],
  });
  expect(Install).toEqual({ WantedBy: ['timers.target'] });
});

test('the watch starts again when it fails, ends soon, and may do no more than the check', () => {
  const { Service, Install } = parseUnit(exampleFile(`systemd/${watcher}`));
  expect(Service).toMatchObject({
    Type: ['exec'],
    Restart: ['on-failure'],
    RestartPreventExitStatus: [String(exitCodes.usage)],
    TimeoutStopSec: ['30s'],
  });
  expect(Install).toEqual({ WantedBy: ['multi-user.target'] });
  const { ReadWritePaths: _, ...allowed } = permissionsOf(unit.Service);
  expect(permissionsOf(Service)).toEqual(allowed);
});

/** Settings of the sandbox, and whose the process is. */
function permissionsOf(service: Record<string, string[]> = {}): Record<string, string[]> {
  const names =
    /^(User|SupplementaryGroups|UMask|NoNewPrivileges|Capability|Protect|Private|Remove|Lock|Restrict|System|ReadWrite)/;
  return Object.fromEntries(Object.entries(service).filter(([key]) => names.test(key)));
}

/** Where there is a systemd, it is the judge; the tests above hold everywhere. */
test('systemd has nothing to say against them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-systemd-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const text = exampleFile(`systemd/${service}`).replace('/usr/local/bin/swarmctl', process.execPath);
  await writeFile(join(folder, service), text);
  await writeFile(join(folder, timer), exampleFile(`systemd/${timer}`));
  const watchText = exampleFile(`systemd/${watcher}`).replace('/usr/local/bin/swarmctl', process.execPath);
  await writeFile(join(folder, watcher), watchText);
  const hasSystemd = existsSync('/usr/bin/systemd-analyze');
  const judge = (...args: string[]) =>
    hasSystemd
      ? execa('systemd-analyze', args, { cwd: folder, reject: false, all: true })
      : { exitCode: 0, all: '' };
  expect(await judge('verify', `./${service}`, `./${timer}`, `./${watcher}`)).toMatchObject({
    exitCode: 0,
    all: '',
  });
  // 100 is a service that may do everything, a usual one has about 95.
  for (const judged of [service, watcher])
    expect(await judge('security', '--offline=true', '--threshold=25', `./${judged}`)).toMatchObject({
      exitCode: 0,
    });
});
