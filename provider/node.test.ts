import { expect, test } from 'vitest';
import { type NodeInputs, node } from './node.ts';
import { startManager } from './scripted-managers.ts';

const inputs: NodeInputs = {
  endpoint: 'exec://shop-eu-manager-1',
  advertiseAddress: '198.18.0.10',
  role: 'manager',
  availability: 'active',
  labels: {},
};

test.each<[string, (context: Awaited<ReturnType<typeof startManager>>['context']) => Promise<unknown>]>([
  ['removed', (context) => node.delete(context, 'm1', { ...inputs, nodeId: 'm1' })],
  [
    'made a worker',
    (context) => node.update(context, 'm1', { ...inputs, nodeId: 'm1' }, { ...inputs, role: 'worker' }),
  ],
])('a manager that the quorum has come to need is not %s, nor drained', async (_, step) => {
  const { context, engine } = await startManager('++-');
  await expect(step(context)).rejects.toMatchObject({ code: 'quorum-refused' });
  expect(engine.requests.filter((path) => path.endsWith('/update'))).toEqual([]);
});

test('one that the quorum comes to need while it is drained stays, and takes tasks again', async () => {
  const { context, availabilities } = await startManager('+++', '++-');
  const removal = node.delete(context, 'm1', { ...inputs, nodeId: 'm1' });
  await expect(removal).rejects.toMatchObject({ code: 'quorum-refused' });
  expect(availabilities).toEqual(['drain', 'active']);
});
