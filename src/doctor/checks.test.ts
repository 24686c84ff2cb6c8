import { expect, test } from 'vitest';
import { SwarmctlError } from '../errors.ts';
import type { Finding } from '../report/report.ts';
import { diagnose } from './checks.ts';
import type {
  AnsweringEngine,
  Facts,
  KernelFacts,
  LockFacts,
  MachineFacts,
  SilentEngine,
  StateFacts,
  ToolFacts,
} from './facts.ts';
import { goodEngine, goodFacts, goodState } from './sample-facts.ts';

const gibibyte = 2 ** 30;
const mebibyte = 2 ** 20;
const good = goodFacts();
const providers = { hasDockerProvider: true, hasAwsProvider: true };

/** Checks a machine without a fleet. */
function withoutFleet(change: Partial<Facts> = {}): Facts {
  const { fleet: _, state: __, ...facts } = goodFacts(change);
  return facts;
}

/** What a check finds, as `status: message → fix`. */
function findIn(facts: Facts, name: string): string | undefined {
  const finding = diagnose(facts).checks.find((check) => check.name === name);
  return finding && tell(finding);
}

function tell({ status, message, fix }: Finding): string {
  return `${status}: ${message}${fix === undefined ? '' : ` → ${fix}`}`;
}

const tools = (change: Partial<ToolFacts>) => ({ tools: { ...good.tools, ...change } });
const engine = (change: Partial<AnsweringEngine>) => ({ engine: { ...goodEngine, ...change } });
const silent = (reason: string): { engine: SilentEngine } => ({
  engine: { answers: false, endpoint: 'unix:///run/docker.sock', reason, message: 'It cannot be used.' },
});
const kernel = (change: Partial<KernelFacts>) => ({ kernel: { ...good.kernel, ...change } });
const machine = (change: Partial<MachineFacts>) => ({ machine: { ...good.machine, ...change } });
const state = (change: Partial<StateFacts>) => ({ state: { ...goodState, ...change } });
const free = (what: 'images' | 'state', freeBytes: number) =>
  machine({ disks: [{ what, path: '/data', freeBytes }] });
const lock = (holder: LockFacts['holder']) => ({ locks: [{ path: '/l/us', host: 'ann', pid: 42, holder }] });
const route = (range: string) => kernel({ routes: [{ range, device: 'tun0' }] });

test('a machine that lacks nothing passes every check', () => {
  const report = diagnose(good);
  expect(report).toMatchObject({ version: 1, command: 'doctor', ok: true, exitCode: 0 });
  expect(report.checks.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(report.checks.length).toBeGreaterThan(15);
});

test('one that fails makes the exit code 1; a warning does not', () => {
  expect(diagnose(goodFacts(silent('ENOENT')))).toMatchObject({ ok: false, exitCode: 1 });
  expect(diagnose(goodFacts(kernel({ ipVs: 'missing' })))).toMatchObject({ ok: true, exitCode: 0 });
});

test.each<[string, Partial<Facts>, string, RegExp]>([
  [
    'a fleet file that is wrong',
    { fleetError: new SwarmctlError('config', 'a.yaml:1:1 is wrong', { hint: 'Correct it.' }) },
    'fleet-file',
    /^fail: a.yaml:1:1 is wrong → Correct it\.$/,
  ],
  [
    'no docker client',
    { tools: { ...providers, hasGo: true, pulumi: '3.256.0' } },
    'docker-client',
    /^fail: There is no docker client .* → Install/,
  ],
  [
    'an old docker client',
    tools({ dockerClient: '20.10.24' }),
    'docker-client',
    /^fail: Client 20\.10\.24 is too old .* → Install/,
  ],
  [
    'no socket',
    silent('ENOENT'),
    'engine',
    /^fail: There is no engine at unix:\/\/\/run\/docker\.sock.* → Install Docker/,
  ],
  [
    'a socket that nobody listens on',
    silent('ECONNREFUSED'),
    'engine',
    /^fail: The socket .* is stale.* → Unset DOCKER_HOST/,
  ],
  ['a socket of others', silent('EACCES'), 'engine', /^fail: This user may not use .* → .*group docker/],
  ['an engine that hangs', silent('timeout'), 'engine', /^fail: .* does not answer\. → Look at its log/],
  ['an address of another kind', silent('config'), 'engine', /^fail: It cannot be used\. → .*DOCKER_HOST/],
  [
    'an old engine',
    engine({ version: '20.10.24+dfsg1' }),
    'engine',
    /^warn: Engine 20\.10.* → Install engine 23/,
  ],
  ['a rootless engine', engine({ isRootless: true }), 'engine', /^warn: .*rootless/],
  [
    'a docker context',
    tools({ dockerContext: 'desktop-linux' }),
    'docker-context',
    /^warn: .*context desktop-linux.* → export DOCKER_HOST=/,
  ],
  [
    'no Pulumi',
    { tools: { dockerClient: '28.2.2', ...providers, hasGo: false } },
    'pulumi',
    /^warn: Not installed yet: a CLI of .* → .*Go is needed/,
  ],
  [
    'no Docker provider',
    tools({ hasDockerProvider: false }),
    'pulumi',
    /^warn: Not installed yet: the Docker provider\. → .*swarmctl setup/,
  ],
  [
    'no image of nodes',
    { tools: { dockerClient: '28.2.2', pulumi: '3.256.0', ...providers, hasGo: true } },
    'node-image',
    /^warn: .*engine 26 is not there/,
  ],
  ['no vxlan', kernel({ vxlan: 'missing' }), 'vxlan', /^fail: The kernel has no vxlan.* → Load it/],
  [
    'no ip_vs',
    kernel({ ipVs: 'missing' }),
    'ip_vs',
    /^warn: The kernel has no ip_vs.* → .*endpoint_mode: dnsrr/,
  ],
  ['a kernel that says nothing', kernel({ ipVs: 'unknown' }), 'ip_vs', /^unknown: This system does not tell/],
  [
    'an engine in a virtual machine',
    engine({ isHere: false }),
    'vxlan',
    /^unknown: The engine runs on another kernel/,
  ],
  [
    'no br_netfilter',
    kernel({ bridgeNetfilter: 'missing' }),
    'bridge-netfilter',
    /^warn: The kernel has no br_netfilter.* → `modprobe br_netfilter/,
  ],
  [
    'bridges past the firewall',
    kernel({ bridgeCallsIptables: false }),
    'bridge-netfilter',
    /^warn: .*bridge-nf-call-iptables is off/,
  ],
  [
    'a route into an overlay',
    route('10.101.7.0/24'),
    'addresses',
    /^warn: The route to 10\.101\.7\.0\/24 \(tun0\) overlaps 10\.101\.0\.0\/16: .* → Take the route away/,
  ],
  [
    'a route over all overlays',
    route('10.0.0.0/8'),
    'addresses',
    /^warn: .*overlaps 10\.100\.0\.0\/16; .*overlaps 10\.101\.0\.0\/16/,
  ],
  ['a route to the machines', route('198.18.0.0/16'), 'addresses', /^warn: .*overlaps 198\.18\.0\.0\/15/],
  ['a route beyond the overlays of two clusters', route('10.102.0.0/16'), 'addresses', /^ok: /],
  [
    'routes that cannot be read',
    { kernel: { ipVs: 'unknown', vxlan: 'unknown', bridgeNetfilter: 'unknown' } },
    'addresses',
    /^unknown: /,
  ],
  [
    'ports in use, where they do not matter',
    machine({ listening: ['2377/tcp'] }),
    'ports',
    /^ok: Local nodes have networks of their own/,
  ],
  [
    'hardly room for images',
    free('images', 1.5 * gibibyte),
    'disk-engine',
    /^warn: 1\.5 GB free in \/data; 2\.1 GB should be there\. → .*docker system prune/,
  ],
  ['no room for images', free('images', 300 * mebibyte), 'disk-engine', /^fail: 300 MB free/],
  [
    'room that cannot be seen',
    machine({ disks: [{ what: 'images', path: '/var/lib/docker' }] }),
    'disk-engine',
    /^unknown: /,
  ],
  [
    'no room for the state',
    free('state', 20 * mebibyte),
    'disk-state',
    /^fail: 20 MB free in \/data; 64 MB should be there/,
  ],
  [
    'hardly memory',
    machine({ availableMemoryBytes: 1.5 * gibibyte }),
    'memory',
    /^warn: 1\.5 GB available; 6 nodes .* 2\.2 GB.* → .*--parallel/,
  ],
  [
    'no memory',
    machine({ availableMemoryBytes: 400 * mebibyte }),
    'memory',
    /^fail: 400 MB available; .* 1\.3 GB/,
  ],
  ['a clock of long ago', { now: 0 }, 'clock', /^fail: The clock says 1970-01-01.* → Set the clock/],
  [
    'a clock that was set back',
    state({ changedAt: Date.UTC(2026, 10, 22) }),
    'clock',
    /^warn: The clock was set back: .*2026-11-22/,
  ],
  [
    'an engine that is ahead',
    engine({ clock: { aheadMs: 90_000, toleranceMs: 0 } }),
    'clock',
    /^warn: The engine's clock is 90 s ahead of/,
  ],
  [
    'an engine hours behind',
    engine({ clock: { aheadMs: -7_200_000, toleranceMs: 0 } }),
    'clock',
    /^fail: The engine's clock is 7200 s behind/,
  ],
  [
    'an engine that was slow to answer',
    engine({ clock: { aheadMs: 9_000, toleranceMs: 5_000 } }),
    'clock',
    /^ok: /,
  ],
  ['a clock that nobody keeps', machine({ isClockSynchronized: false }), 'clock', /^warn: NTP does not keep/],
  [
    'dead control sockets',
    machine({ staleSockets: ['/h/.ssh/a', '/h/.ssh/b'] }),
    'ssh-sockets',
    /^warn: .*\/h\/\.ssh\/a, .* → rm \/h\/\.ssh\/a \/h\/\.ssh\/b$/,
  ],
  [
    'a folder of another user',
    state({ isWritable: false }),
    'state-folder',
    /^fail: This user may not write/,
  ],
  [
    'a passphrase for all to read',
    state({ passphraseMode: 0o644 }),
    'state-folder',
    /^fail: .*\(mode 0644\)\. → chmod 600 /,
  ],
  [
    'a folder for all to look into',
    state({ mode: 0o755 }),
    'state-folder',
    /^warn: .*\(mode 0755\)\. → chmod 700 /,
  ],
  [
    'a lock of a run that goes on',
    lock('alive'),
    'locks',
    /^ok: Held by runs that go on: \/l\/us \(process 42 on ann\)\.$/,
  ],
  [
    'a lock that was left',
    lock('ended'),
    'locks',
    /^warn: Left by runs that have ended: .* → Nothing has to be done/,
  ],
  [
    'a lock of another host',
    lock('elsewhere'),
    'locks',
    /^warn: Whether .* → Where that run has ended: rm \/l\/us$/,
  ],
])('%s', (_, change, name, expected) => {
  const told = findIn(goodFacts(change), name);
  expect(told).toMatch(expected);
  // Whatever is not good says what to do.
  if (/^(warn|fail)/.test(told ?? '')) expect(told).toContain(' → ');
});

test('without a fleet, its checks are left out', () => {
  const names = diagnose(withoutFleet()).checks.map(({ name }) => name);
  expect(names).not.toContain('fleet-file');
  expect(names).not.toContain('state-folder');
  expect(names).toContain('locks');
});

test('without a fleet, the ports of a swarm node are looked at', () => {
  const taken = withoutFleet(machine({ listening: ['2377/tcp', '4789/udp', '80/tcp'] }));
  expect(findIn(taken, 'ports')).toMatch(
    /^warn: In use: 2377\/tcp, 4789\/udp\. .* → .*ss -lnp \| grep -E ':2377\|:4789'/,
  );
  expect(findIn({ ...taken, ...engine({ isSwarmNode: true }) }, 'ports')).toMatch(/^ok: .* is a swarm node/);
  expect(findIn(withoutFleet(), 'ports')).toMatch(/^ok: Free, /);
});
