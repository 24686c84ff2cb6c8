import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/package-root.ts';

/** One of the scripts in tools/ that run on machines, with variables set before it. */
export function machineScript(name: string, variables: Record<string, string> = {}): string {
  const settings = Object.entries(variables).map(([key, value]) => `${key}=${quoted(value)}\n`);
  return settings.join('') + readFileSync(join(packageRoot, 'tools', name), 'utf8');
}

/** As one word of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
