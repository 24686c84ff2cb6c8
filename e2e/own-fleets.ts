import { fleetName } from './lab.ts';
import { removeLeftFleets } from './left-fleets.ts';

/** Before the tests that make fleets of their own. The lab may be there already, for the others. */
export default function setup(): Promise<void> {
  return removeLeftFleets(fleetName);
}
