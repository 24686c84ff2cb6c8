import type { Emit } from '../events.ts';
import type { Fleet } from '../fleet/model.ts';
import { confirm } from '../report/confirm.ts';
import { ensureStateTools, ensureToolchain, type Toolchain } from '../toolchain/toolchain.ts';
import type { ApprovalOptions } from './approval.ts';
import type { CommandContext } from './context.ts';

/** Makes sure of the tools that a fleet needs; only `--yes` or a person lets anything be downloaded and run. */
export function prepareToolchain(
  { engine, target }: Pick<Fleet, 'engine' | 'target'>,
  options: ApprovalOptions,
  context: CommandContext,
  emit: Emit,
): Promise<Toolchain> {
  return ensureToolchain({
    engine,
    localNodes: target === 'local',
    instances: target === 'aws',
    ...setupOf(options, context, emit),
  });
}

/** Makes sure of what reading and writing a state needs. */
export function prepareStateTools(
  { target }: Pick<Fleet, 'target'>,
  options: ApprovalOptions,
  context: CommandContext,
  emit: Emit,
): Promise<Pick<Toolchain, 'pulumi' | 'pulumiHome'>> {
  return ensureStateTools({ instances: target === 'aws', ...setupOf(options, context, emit) });
}

function setupOf({ yes }: ApprovalOptions, { io, signal }: CommandContext, emit: Emit) {
  return {
    onStep: (message: string) => emit({ type: 'note', level: 'info', message }),
    consent: async (question: string) => yes === true || (io.canAsk && confirm(io, question, signal)),
    signal,
  };
}
