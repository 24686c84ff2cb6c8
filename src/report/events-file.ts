import { writeSync } from 'node:fs';
import type { SwarmEvent } from '../events.ts';
import { openOutputFile } from './output-file.ts';

/**
 * A subscriber that writes each event as one line of JSON (NDJSON, docs/events.md). A line is with the system when
 * the call returns, so a run that is killed has all its lines.
 * @throws SwarmctlError `usage` when the file cannot be written
 */
export function createEventsFile(path: string): (event: SwarmEvent) => void {
  const file = openOutputFile('--events', path, 'w');
  return (event) => {
    writeSync(file, `${JSON.stringify({ version: 1, time: new Date().toISOString(), ...event })}\n`);
  };
}
