import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { sshEndpoint, tcpEndpoint } from '../src/docker/endpoint.ts';
import { type Authority, makeAuthority } from '../src/docker/made-certificates.ts';
import { ask, type Machines, makeMachines, run, type SshMachine } from './ssh-machine.ts';
import { docker } from './swarmctl.ts';

let machines: Machines;
let machine: SshMachine;
let authority: Authority;
let client: string;

beforeAll(async () => {
  machines = await makeMachines('e2e-tls', 'fd00:5eed:23::/64');
  const { home } = machines;
  machine = await machines.start('one');
  await machine.startSshd(22);
  await home.writeKnownHosts(machine.knownHost(22));
  authority = await makeAuthority(join(home.folder, 'authority'));
  const server = await authority.issue(join(home.folder, 'server'), `IP:${machine.address}`);
  client = await authority.issue(join(home.folder, 'client'));
  await docker('cp', server, `${machine.name}:/certs`);
  const files = ['cacert=/certs/ca.pem', 'cert=/certs/cert.pem', 'key=/certs/key.pem'];
  await machine.startEngine('--host=tcp://[::]:2376', '--tlsverify', ...files.map((file) => `--tls${file}`));
  vi.stubEnv('DOCKER_CONFIG', join(home.folder, '.docker'));
});

afterAll(() => machines?.remove());

const tcp = () => ({ host: machine.address, port: 2376, certificates: client });

test('an engine that listens on TCP is used with certificates of both sides', async () => {
  expect(await ask(tcpEndpoint(tcp()))).toEqual([await machine.exec('hostname')]);
});

test('a certificate that does not hold is refused, by whichever side', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-e2e-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const stranger = await (await makeAuthority(join(folder, 'authority'))).issue(join(folder, 'client'));
  await execa('cp', [authority.ca, stranger]);
  const refusals = {
    [`refuses the client certificate in ${stranger}.`]: { ...tcp(), certificates: stranger },
    'is for another name.': { ...tcp(), host: machine.address6 },
  };
  for (const [message, target] of Object.entries(refusals)) {
    await expect(ask(tcpEndpoint(target))).rejects.toMatchObject({
      code: 'certificate',
      message: expect.stringContaining(message),
    });
  }
});

test('contexts of the docker client are ways too', async () => {
  const name = await machine.exec('hostname');
  const files = ['ca', 'cert', 'key'].map((file) => `${file}=${join(client, `${file}.pem`)}`).join(',');
  await docker('context', 'create', 'by-tls', '--docker', `host=tcp://${machine.address}:2376,${files}`);
  await docker(
    'context',
    'create',
    'by-ssh',
    '--docker',
    `host=${sshEndpoint({ user: 'member', host: machine.address })}`,
  );
  for (const context of ['by-tls', 'by-ssh']) expect(await ask(`context://${context}`)).toEqual([name]);
  expect(await run('context://by-ssh', 'id -un')).toMatchObject({ stdout: 'member\n' });
  await expect(run('context://by-tls', 'id -un')).rejects.toMatchObject({ code: 'no-shell' });
});
