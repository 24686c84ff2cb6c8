import { waitUntil } from '../src/docker/deadline.ts';
import { openShell, type RunResult } from '../src/docker/shell.ts';
import { SwarmctlError } from '../src/errors.ts';
import { changedPaths } from './changed-paths.ts';
import type { Context, Resource } from './resource.ts';

export interface ArrivalInputs {
  /** Of the machine's engine, by ssh. */
  endpoint: string;
  /** What the machine is in its cloud: another one has to arrive anew. */
  instance: string;
}

/** Booting, and installing an engine from a mirror that may be slow. */
const deadlineMs = 15 * 60_000;
const pauseMs = 3_000;

/** Waits for cloud-init; on failure its last words. Only root may read them. */
const script = `
cloud-init status --wait >/dev/null 2>&1
status=$?
[ "$status" -eq 1 ] || exit 0
tail -n 8 /var/log/cloud-init-output.log
exit 1`;

/** That a machine which was just made can be logged in to, and that it has set itself up. */
export const arrival: Resource<ArrivalInputs, ArrivalInputs> = {
  difference({ instance: before }, { instance: after }) {
    const changes = changedPaths({ instance: before }, { instance: after });
    return { changes, replaces: changes };
  },

  async create(context, inputs) {
    context.progress('waiting for the machine');
    const result = await firstAnswer(context, inputs.endpoint);
    if (result.exitCode === 0) return { id: inputs.instance, state: inputs };
    throw new SwarmctlError('node-failed', `The machine of ${inputs.endpoint} could not set itself up.`, {
      details: result.stdout.trim().split('\n'),
      hint: 'Look at /var/log/cloud-init-output.log there.',
    });
  },

  // It has arrived, whatever has become of it since: that is told of its node.
  read: async (_context, _id, state) => ({ inputs: state, state }),
  update: async (_context, _id, _state, inputs) => inputs,
  delete: async () => {},
};

/** Until it answers it cannot be told from one that never will. */
async function firstAnswer({ signal }: Context, endpoint: string): Promise<RunResult> {
  const shell = openShell(endpoint);
  let seen = '';
  const ask = async () => {
    try {
      return await shell.run(script, { what: 'setting itself up', deadlineMs, signal, asRoot: true });
    } catch (error) {
      if (!(error instanceof SwarmctlError && error.code === 'unreachable')) throw error;
      seen = error.message;
      return undefined;
    }
  };
  try {
    const waiting = { deadlineMs, intervalMs: pauseMs, signal, describe: () => seen };
    return await waitUntil(`An answer of ${endpoint}`, ask, waiting);
  } finally {
    shell.close();
  }
}
