import { expect, onTestFinished, test, vi } from 'vitest';
import { openEngine } from '../src/docker/engine.ts';
import { answer, refusal, type Script, startEngine } from '../src/docker/scripted-engine.ts';
import { machineNetwork } from './machine-network.ts';
import type { Context } from './resource.ts';

const inputs = { name: 'shop-eu', subnet: '198.18.3.0/24', labels: { 'swarmctl.fleet': 'shop' } };
const live = {
  Id: 'n1',
  Name: 'shop-eu',
  IPAM: { Config: [{ Subnet: '198.18.3.0/24' }] },
  Labels: inputs.labels,
};

/** A context whose outer engine answers by the script. */
async function contextOf(script: Script): Promise<Context> {
  const { endpoint } = await startEngine(script);
  vi.stubEnv('DOCKER_HOST', endpoint);
  onTestFinished(() => void vi.unstubAllEnvs());
  return { engine: openEngine } as unknown as Context;
}

const missing = () => refusal(404, 'network not found');

test('is made with its address range', async () => {
  const context = await contextOf({
    '/networks/shop-eu': missing,
    '/networks/create': () => answer({ Id: 'n1' }),
  });
  expect(await machineNetwork.create(context, inputs)).toMatchObject({ state: inputs });
});

test('of a run that was cut off is taken', async () => {
  const context = await contextOf({ '/networks/shop-eu': () => answer(live) });
  expect(await machineNetwork.create(context, inputs)).toEqual({ id: 'n1', state: inputs });
});

test('another one of that name is not', async () => {
  const context = await contextOf({ '/networks/shop-eu': () => answer({ ...live, Labels: {} }) });
  await expect(machineNetwork.create(context, inputs)).rejects.toMatchObject({ code: 'conflict' });
});

test('whose range was taken in the meantime says that the next run chooses another', async () => {
  const overlap = () => refusal(403, 'Pool overlaps with other one on this address space');
  const context = await contextOf({ '/networks/shop-eu': missing, '/networks/create': overlap });
  await expect(machineNetwork.create(context, inputs)).rejects.toMatchObject({
    code: 'conflict',
    message: 'Another network has taken the address range 198.18.3.0/24 just now.',
    hint: expect.stringContaining('again'),
  });
});

test('that is gone is gone; one that cannot be read is not', async () => {
  const gone = await contextOf({ '/networks/n1': missing });
  expect(await machineNetwork.read(gone, 'n1', inputs)).toBeUndefined();
  const broken = await contextOf({ '/networks/n1': () => refusal(500, 'no space left') });
  await expect(machineNetwork.read(broken, 'n1', inputs)).rejects.toMatchObject({ code: 'docker' });
});

test('with another range is another network', () => {
  const { replaces } = machineNetwork.difference(inputs, { ...inputs, subnet: '198.18.4.0/24' });
  expect(replaces).toEqual(['subnet']);
});
