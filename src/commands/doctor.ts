import { diagnose } from '../doctor/checks.ts';
import { collectFacts } from '../doctor/collect.ts';
import { type ExitCode, SwarmctlError } from '../errors.ts';
import { loadFleetFile } from '../fleet/load.ts';
import type { Fleet } from '../fleet/model.ts';
import { printDoctor } from '../report/doctor.ts';
import { printJson } from '../report/json.ts';
import type { CommandContext } from './context.ts';

export interface DoctorOptions {
  file?: string;
  json?: boolean;
}

/** `swarmctl doctor`: tells what this machine lacks for swarms. Needs no engine and no fleet, and changes nothing. */
export async function doctor(
  { file, json }: DoctorOptions,
  { io, env, directory }: CommandContext,
): Promise<ExitCode> {
  const facts = await collectFacts({ ...(await findFleet(file, { env, directory })), env, directory });
  const report = diagnose(facts);
  if (json) printJson(io, report);
  else printDoctor(io, report);
  return report.exitCode;
}

/** A fleet file that is wrong is one finding among others. */
async function findFleet(
  file: string | undefined,
  place: Pick<CommandContext, 'env' | 'directory'>,
): Promise<{ fleet?: Fleet | undefined; fleetError?: SwarmctlError }> {
  try {
    return { fleet: await loadFleetFile({ file, ...place }) };
  } catch (error) {
    if (error instanceof SwarmctlError) return { fleetError: error };
    throw error;
  }
}
