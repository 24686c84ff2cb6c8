import type { EngineEvent } from '@pulumi/pulumi/automation/index.js';
import type { ProviderListener } from '../../provider/provider.ts';
import { SwarmctlError } from '../errors.ts';
import type { ResourceStep } from '../report/report.ts';
import { countStep, describeResource, finishedStep, noChanges, type StackChanges } from './changes.ts';
import { collectFailure, collectReported, engineError, type FailureEvidence } from './failure.ts';

/** What to tell while a stack is worked on. */
export interface StackListener {
  onProgress(text: string): void;
  onChanged(step: ResourceStep): void;
  onWarning(text: string): void;
}

export interface Operation {
  /** The operation in words, for errors: `Refreshing the machines of eu-west-1`. */
  what: string;
  signal: AbortSignal;
  listener?: StackListener;
}

/** How the steps of a run are told apart: a refresh only knows what changed when it has read it. */
export type Counting = 'planned' | 'read';

export interface WatchOptions {
  onEvent(event: EngineEvent): void;
  signal: AbortSignal;
  /** Values of secrets are not asked for. */
  suppressOutputs: boolean;
}

/** The same options, for one more who wants to know of the events. */
export function alsoTelling(options: WatchOptions, tell: (event: EngineEvent) => void): WatchOptions {
  return {
    ...options,
    onEvent(event) {
      options.onEvent(event);
      tell(event);
    },
  };
}

/** Runs one operation of the engine and makes its events into changes, progress and errors. */
export async function watchEvents(
  operation: Operation,
  work: (options: WatchOptions, listener: ProviderListener) => Promise<unknown>,
  counting: Counting = 'planned',
): Promise<StackChanges> {
  const { what, signal, listener } = operation;
  const changes = noChanges();
  const evidence: FailureEvidence = { reported: [], diagnosed: [] };
  const onEvent = (event: EngineEvent) => {
    countStep(changes, counting === 'planned' ? event.resourcePreEvent : event.resOutputsEvent);
    collectFailure(evidence, event);
    const step = counting === 'planned' ? finishedStep(event) : undefined;
    if (step) listener?.onChanged(step);
  };
  const providerListener: ProviderListener = {
    progress: tellOnce((text) => listener?.onProgress(text)),
    failure: (urn, error) => collectReported(evidence, urn, error),
  };
  try {
    signal.throwIfAborted();
    await work({ onEvent, signal, suppressOutputs: true }, providerListener);
    return changes;
  } catch (failure) {
    if (signal.aborted)
      throw new SwarmctlError('interrupted', `${what} was interrupted.`, { cause: failure });
    throw engineError(failure, evidence, what);
  }
}

/** A resource that waits says the same again and again. */
function tellOnce(tell: (text: string) => void): ProviderListener['progress'] {
  const told = new Map<string, string>();
  return (urn, text) => {
    if (told.get(urn) === text) return;
    told.set(urn, text);
    tell(`${describeResource(urn)}: ${text}`);
  };
}
