import { expect, onTestFinished, test } from 'vitest';
import { confirmNodes, type SwarmNode } from './live-swarm.ts';
import { answer, inTurn, manager, startEngine } from './scripted-engine.ts';
import { openSwarm } from './swarm.ts';

const node = (State: string, Reachability: string) =>
  ({ ID: 'node-1', Status: { State }, ManagerStatus: { Reachability } }) as SwarmNode;
const well = node('ready', 'reachable');

/** A swarm whose list of nodes is asked for again with these answers. */
async function startSwarm(first: SwarmNode, ...others: SwarmNode[]) {
  const list = inTurn(answer([first]), ...others.map((one) => answer([one])));
  const engine = await startEngine({ ...manager, '/nodes': list });
  const swarm = openSwarm([engine.endpoint]);
  onTestFinished(() => swarm.close());
  const lists = () => engine.requests.filter((path) => path === '/nodes').length;
  return { swarm, lists };
}

test.each([node('ready', 'unreachable'), node('down', 'reachable')])(
  'a node that was lost for a moment is not: %j',
  async (lost) => {
    const { swarm, lists } = await startSwarm(lost, well);
    expect(await confirmNodes(swarm, [lost], 60_000)).toEqual([well]);
    expect(lists()).toBe(2);
  },
);

test('one that stays lost is', async () => {
  const lost = node('down', 'unreachable');
  const { swarm } = await startSwarm(lost);
  expect(await confirmNodes(swarm, [lost], 1)).toEqual([lost]);
});

test('where all are well nothing is asked', async () => {
  const { swarm, lists } = await startSwarm(well);
  expect(await confirmNodes(swarm, [well], 60_000)).toEqual([well]);
  expect(lists()).toBe(0);
});
