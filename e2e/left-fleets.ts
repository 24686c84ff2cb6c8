import { docker } from './swarmctl.ts';

/** In the order in which they let go of each other. */
const kinds = [
  { list: ['ps', '--all'], remove: ['rm', '--force', '--volumes'], name: '.Names' },
  { list: ['volume', 'ls'], remove: ['volume', 'rm'], name: '.Name' },
  { list: ['network', 'ls'], remove: ['network', 'rm'], name: '.Name' },
];

/**
 * Removes what a run of these tests left on the engine when it was killed; their state went with them.
 * @param kept the name of a fleet that stays.
 */
export async function removeLeftFleets(kept?: string): Promise<void> {
  for (const { list, remove, name } of kinds) {
    const format = `{{${name}}} {{.Label "swarmctl.fleet"}}`;
    const lines = (await docker(...list, '--filter', 'label=swarmctl.fleet', '--format', format)).split('\n');
    const left = lines.flatMap((line) => {
      const [object = '', fleet = ''] = line.split(' ');
      return fleet.startsWith('e2e-') && fleet !== kept ? [object] : [];
    });
    if (left.length > 0) await docker(...remove, ...left);
  }
}
