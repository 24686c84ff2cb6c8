import { release } from 'node:os';
import { openOuterEngine } from '../docker/engine.ts';
import { SwarmctlError } from '../errors.ts';
import type { AnsweringEngine, EngineFacts, SilentEngine } from './facts.ts';

/** Milliseconds that a person waits for an engine that says nothing. */
const deadlineMs = 5_000;

/** What the engine's `info` is asked for here (docs.docker.com/reference/api/engine, SystemInfo). */
interface EngineInfo {
  ServerVersion: string;
  OperatingSystem: string;
  KernelVersion: string;
  DockerRootDir: string;
  SystemTime: string;
  SecurityOptions?: string[];
  Swarm?: { LocalNodeState?: string };
}

/** Asks an engine what it is; one that does not answer is a fact too. */
export async function collectEngine(endpoint: string): Promise<EngineFacts> {
  try {
    return await askEngine(endpoint);
  } catch (error) {
    if (error instanceof SwarmctlError) return silent(endpoint, error);
    throw error;
  }
}

async function askEngine(endpoint: string): Promise<AnsweringEngine> {
  const engine = openOuterEngine(endpoint);
  try {
    const askedAt = Date.now();
    const info: EngineInfo = await engine.ask('asking what it is', (api) => api.info(), deadlineMs);
    return describe(endpoint, info, { from: askedAt, to: Date.now() });
  } finally {
    engine.close();
  }
}

function describe(endpoint: string, info: EngineInfo, asked: { from: number; to: number }): AnsweringEngine {
  return {
    answers: true,
    endpoint,
    version: info.ServerVersion,
    os: info.OperatingSystem,
    isRootless: info.SecurityOptions?.some((option) => option.includes('name=rootless')) ?? false,
    rootFolder: info.DockerRootDir,
    isHere: process.platform === 'linux' && info.KernelVersion === release(),
    isSwarmNode: info.Swarm?.LocalNodeState === 'active',
    clock: {
      aheadMs: Date.parse(info.SystemTime) - (asked.from + asked.to) / 2,
      // It read its clock at some moment between question and answer.
      toleranceMs: (asked.to - asked.from) / 2,
    },
  };
}

function silent(endpoint: string, { code, message, hint, cause }: SwarmctlError): SilentEngine {
  const { code: reason } = (cause ?? {}) as NodeJS.ErrnoException;
  return { answers: false, endpoint, reason: reason ?? code, message, ...(hint !== undefined && { hint }) };
}
