import { exitCodes } from '../errors.ts';
import type { DoctorReport } from '../report/report.ts';
import { checkClock } from './clock-check.ts';
import type { Check, Facts } from './facts.ts';
import { checkHosts } from './host-checks.ts';
import { checkAddresses, checkBridgeNetfilter, checkRoutingMesh, checkVxlan } from './kernel-checks.ts';
import { checkImageDisk, checkMemory, checkPorts, checkSockets, checkStateDisk } from './machine-checks.ts';
import { checkLocks, checkStateFolder } from './state-checks.ts';
import {
  checkDockerClient,
  checkDockerContext,
  checkEngine,
  checkFleet,
  checkNodeImage,
  checkPulumi,
} from './tool-checks.ts';

/** What only concerns containers of this machine that are nodes. */
const onLocal =
  (check: Check): Check =>
  (facts) =>
    facts.fleet && facts.fleet.target !== 'local' ? undefined : check(facts);

/** In the order of the report: what stops everything comes first. */
const checks: readonly Check[] = [
  checkFleet,
  checkDockerClient,
  checkEngine,
  checkDockerContext,
  checkPulumi,
  ...[
    checkNodeImage,
    checkVxlan,
    checkRoutingMesh,
    checkBridgeNetfilter,
    checkAddresses,
    checkPorts,
    checkImageDisk,
  ].map(onLocal),
  checkStateDisk,
  checkMemory,
  checkClock,
  checkSockets,
  checkStateFolder,
  checkLocks,
];

/** Judges the facts: a failed check means that swarms cannot be run here as it is. */
export function diagnose(facts: Facts): DoctorReport {
  const own = checks.map((check) => check(facts)).filter((finding) => finding !== undefined);
  const findings = [...own, ...checkHosts(facts)];
  const ok = findings.every(({ status }) => status !== 'fail');
  const exitCode = ok ? exitCodes.done : exitCodes.failed;
  return { version: 1, command: 'doctor', ok, exitCode, checks: findings };
}
