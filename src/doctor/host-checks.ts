import type { Finding } from '../report/report.ts';
import type { AnsweringHost, Facts, HostFacts } from './facts.ts';
import { swarmPorts } from './machine-checks.ts';
import { engineVersionOf } from './tool-checks.ts';

/** The oldest engine that swarmctl works with. */
const leastMajor = 25;

type Judged = Omit<Finding, 'name'>;

/** One finding for each machine that the fleet file names. */
export function checkHosts({ hosts = [], fleet }: Facts): Finding[] {
  return hosts.map((host) => {
    const { status, message, fix } = judge(host, engineVersionOf(fleet));
    return { name: 'host', status, message: `${host.name}: ${message}`, ...(fix !== undefined && { fix }) };
  });
}

function judge(host: HostFacts, wanted: string): Judged {
  if (!host.answers) {
    const { message, hint } = host;
    return { status: 'fail', message, ...(hint !== undefined && { fix: hint }) };
  }
  return weaknessOf(host) ?? { status: 'ok', message: `${engineOf(host, wanted)}.` };
}

function weaknessOf({ engine, isMember, machine }: AnsweringHost): Judged | undefined {
  if (machine && !machine.canBeRoot)
    return {
      status: 'fail',
      message: 'this user can neither be root nor use sudo without a password, so no engine can be set up.',
      fix: 'Let sudo work without a password for this user (NOPASSWD), or log in as root.',
    };
  if (engine !== undefined && Number.parseInt(engine, 10) < leastMajor)
    return {
      status: 'fail',
      message: `engine ${engine} is too old.`,
      fix: `Upgrade it on the machine to ${leastMajor} or newer.`,
    };
  const taken = isMember ? [] : swarmPorts.filter((port) => machine?.listening.includes(port));
  if (taken.length === 0) return undefined;
  return {
    status: 'fail',
    message: `${taken.join(', ')} is in use, and not by a swarm.`,
    fix: "Find out by what, on the machine: `ss -lnp`. A swarm's ports cannot be others.",
  };
}

function engineOf({ engine, isMember }: AnsweringHost, wanted: string): string {
  if (engine === undefined) return `no engine yet; \`up\` installs ${wanted}`;
  return `engine ${engine}, ${isMember ? 'in a swarm' : 'in no swarm'}`;
}
