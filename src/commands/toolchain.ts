import type { Emit } from '../events.ts';
import type { Fleet } from '../fleet/model.ts';
import { confirm } from '../report/confirm.ts';
import { ensureToolchain, type Toolchain } from '../toolchain/toolchain.ts';
import type { ApprovalOptions } from './approval.ts';
import type { CommandContext } from './context.ts';

/** Makes sure of the tools that a fleet needs; only `--yes` or a person lets anything be downloaded and run. */
export function prepareToolchain(
  fleet: Pick<Fleet, 'engine'>,
  { yes }: ApprovalOptions,
  { io, signal }: CommandContext,
  emit: Emit,
): Promise<Toolchain> {
  return ensureToolchain({
    engine: fleet.engine,
    onStep: (message) => emit({ type: 'note', level: 'info', message }),
    consent: async (question) => yes === true || (io.canAsk && confirm(io, question, signal)),
    signal,
  });
}
