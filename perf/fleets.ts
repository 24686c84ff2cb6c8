import { rm } from 'node:fs/promises';
import { makeFleetFolder, removeFleet, swarmctl } from '../e2e/swarmctl.ts';

/**
 * Runs swarmctl and wants it to succeed.
 * @throws Error with what it printed.
 */
export async function succeed(folder: string, args: string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await swarmctl(folder, args);
  if (exitCode !== 0)
    throw new Error(`swarmctl ${args.join(' ')} ended with ${exitCode}:\n${stdout}\n${stderr}`);
}

/** A folder whose fleet the contender itself makes and removes, for the length of `work`. */
export async function withFolder<T>(
  files: Record<string, string>,
  work: (folder: string) => Promise<T>,
  remove = (folder: string) => rm(folder, { recursive: true, force: true }),
): Promise<T> {
  const folder = await makeFleetFolder(files);
  try {
    return await work(folder);
  } finally {
    await remove(folder);
  }
}

/** A fleet for the length of `work`, removed afterwards whatever happens. */
export function withFleet<T>(
  files: Record<string, string>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  return withFolder(files, work, removeFleet);
}

/** What the services of all contenders run: they only sleep. */
export const image = 'swarmctl/hello:1';
export const command = ['sh', '-c', 'trap exit TERM; sleep 86400 & wait'];

/** Services that only sleep, the first of them with a variable that a test can change. */
export function composeOf(services: number, release = 1): string {
  const service = (index: number) => `
  app-${index}:
    image: ${image}
    command: ${JSON.stringify(command)}
    environment: { RELEASE: "${index === 0 ? release : 1}" }
    deploy: { endpoint_mode: dnsrr }`;
  return `services:${Array.from({ length: services }, (_, index) => service(index)).join('')}\n`;
}

/** A fleet file of local clusters with one node each. */
export function fleetOf(name: string, clusters: number, apps = true): string {
  const names = Array.from({ length: clusters }, (_, index) => `  region-${index + 1}: {}`);
  return `fleet: ${name}
target: local
defaults: { managers: 1 }
clusters:
${names.join('\n')}
${apps ? 'apps: [compose.yaml]' : ''}
`;
}
