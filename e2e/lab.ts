import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { Report } from '../src/report/report.ts';
import { removeLeftFleets } from './left-fleets.ts';
import { copyExampleApp, makeFleetFolder, removeFleet, swarmctlJson } from './swarmctl.ts';

/** The lab that all end-to-end tests share: two swarms of three managers with the example app. */
export interface Lab {
  folder: string;
  /** Of the run that made it. */
  report: Report;
}

declare module 'vitest' {
  export interface ProvidedContext {
    lab: Lab;
  }
}

export const fleetName = 'e2e-lab';

export const fleetFile = `fleet: ${fleetName}
target: local
defaults: { managers: 3 }
clusters:
  us-east-1: {}
  eu-west-1: { env: { GREETING: Bonjour } }
apps: [compose.yaml]
bench: { budget: { p99: 5s } }
`;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftFleets();
  const folder = await makeFleetFolder({ 'swarmctl.yaml': fleetFile });
  await copyExampleApp(folder);
  const { report, exitCode, stderr } = await swarmctlJson(folder, ['up', '--yes']);
  if (exitCode !== 0) {
    await removeFleet(folder);
    throw new Error(`The lab could not be made: ${JSON.stringify(report, null, 2)}\n${stderr}`);
  }
  project.provide('lab', { folder, report });
  return () => removeFleet(folder);
}

/** The text of a file of the lab's fleet. */
export function labFile(lab: Lab, name: string): Promise<string> {
  return readFile(join(lab.folder, name), 'utf8');
}
