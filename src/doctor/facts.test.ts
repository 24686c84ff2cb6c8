import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { sampleFleet } from '../pipeline/sample-fleet.ts';
import { collectEngine } from './engine-facts.ts';
import { judgeSources, parseRoutes } from './kernel-facts.ts';
import { isStale, parseListeners } from './machine-facts.ts';
import { collectLocks, collectState } from './state-facts.ts';

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-doctor-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** A socket file that its listener has left behind, as one that was killed does. */
async function deadSocket(folder: string): Promise<string> {
  const path = join(folder, 'dead.sock');
  const listen = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await execa(process.execPath, ['-e', listen], { reject: false });
  return path;
}

async function listen(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
}

test('routes, without the default one and those of Docker', () => {
  expect(
    parseRoutes(`Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	010200C0	0003	0	0	0	00000000	0	0	0
docker0	000011AC	00000000	0001	0	0	0	0000FFFF	0	0	0
br-18066e14ba93	000012C6	00000000	0001	0	0	0	00FFFFFF	0	0	0
tun0	0000640A	00000000	0001	0	0	0	0000FEFF	0	0	0
eth0	000200C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
`),
  ).toEqual([
    { device: 'tun0', range: '10.100.0.0/15' },
    { device: 'eth0', range: '192.0.2.0/24' },
  ]);
});

test('ports that something listens on', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue
   0: 00000000:0949 00000000:0000 0A 00000000:00000000
   1: 0100007F:07E8 0100007F:C350 01 00000000:00000000
   2: 00000000000000000000000000000000:1F0A 00000000000000000000000000000000:0000 0A 00000000:00000000
`;
  expect(parseListeners(table, 'tcp')).toEqual(['2377/tcp', '7946/tcp']);
  expect(parseListeners('head\n  9: 00000000:12B5 00000000:0000 07 0:0\n', 'udp')).toEqual(['4789/udp']);
});

const modules = 'kernel/net/netfilter/ipvs/ip_vs.ko.xz: kernel/net/ipv4/nf.ko.xz\n';

test.each([
  ['built in', '\nCONFIG_IP_VS=y\n', undefined, 'present'],
  ['a module that is there', '\nCONFIG_IP_VS=m\n', modules, 'present'],
  ['a module that is not installed', '\nCONFIG_IP_VS=m\n', 'kernel/drivers/net/vxlan.ko:\n', 'missing'],
  ['a module whose folder is not seen', '\nCONFIG_IP_VS=m\n', undefined, 'unknown'],
  ['not built', '\n# CONFIG_IP_VS is not set\n', undefined, 'missing'],
  ['a kernel that does not tell', undefined, undefined, 'unknown'],
])('a part of the kernel that is %s', (_, config, list, expected) => {
  expect(judgeSources('ip_vs', 'CONFIG_IP_VS', { config, modules: list })).toBe(expected);
});

test('a socket is stale when nothing listens on it any more', async () => {
  const folder = await makeFolder();
  const path = join(folder, 'live.sock');
  await listen(path);
  expect([
    await isStale(path),
    await isStale(await deadSocket(folder)),
    await isStale(join(folder, 'none')),
  ]).toEqual([false, true, false]);
});

test('an engine that does not answer is a fact with its reason', async () => {
  const folder = await makeFolder();
  const dead = `unix://${await deadSocket(folder)}`;
  expect(await collectEngine(dead)).toMatchObject({ answers: false, endpoint: dead, reason: 'ECONNREFUSED' });
  expect(await collectEngine(`unix://${folder}/none`)).toMatchObject({ answers: false, reason: 'ENOENT' });
  expect(await collectEngine('tcp://127.0.0.1:1')).toMatchObject({ answers: false, reason: 'config' });
});

test('the folder of the state with its permissions', async () => {
  const folder = await makeFolder();
  expect(await collectState(join(folder, 'none'))).toBeUndefined();
  await writeFile(join(folder, 'passphrase'), 'x');
  await chmod(join(folder, 'passphrase'), 0o640);
  await chmod(folder, 0o750);
  expect(await collectState(folder)).toMatchObject({
    folder,
    isWritable: true,
    mode: 0o750,
    passphraseMode: 0o640,
  });
});

/** Linux gives no process a higher number than 2^22 (proc(5), pid_max). */
const beyondAllProcesses = 2 ** 22 + 1;

test('locks with who holds them, those of Pulumi too', async () => {
  const directory = await makeFolder();
  const own = join(directory, '.swarmctl', 'locks');
  const pulumis = join(directory, '.swarmctl', 'state', '.pulumi', 'locks', 'organization', 'shop', 'us');
  await mkdir(own, { recursive: true });
  await mkdir(pulumis, { recursive: true });
  const write = (path: string, text: object) => writeFile(path, JSON.stringify(text));
  await write(join(own, 'us'), { host: hostname(), pid: beyondAllProcesses, started: '1' });
  await write(join(own, 'eu'), { host: 'elsewhere.example', pid: 1, started: '1' });
  await write(join(pulumis, 'a.json'), {
    pid: process.pid,
    username: 'ann',
    hostname: hostname(),
    timestamp: '',
  });
  const locks = await collectLocks(join(directory, 'cache'), sampleFleet({ directory }));
  expect(locks.map(({ path, holder }) => [path, holder]).toSorted()).toEqual([
    [join(own, 'eu'), 'elsewhere'],
    [join(own, 'us'), 'ended'],
    [pulumis, 'alive'],
  ]);
});
