import { rm } from 'node:fs/promises';
import { ConcurrentUpdateError } from '@pulumi/pulumi/automation/errors.js';
import type {
  PulumiFn,
  Stack as PulumiStack,
  StepEventStateMetadata,
} from '@pulumi/pulumi/automation/index.js';
import type { ProviderListener } from '../../provider/provider.ts';
import { waitUntil } from '../docker/deadline.ts';
import {
  type Component,
  collectWanted,
  type ExistingResource,
  type KnownResource,
  knownResources,
  urnsUnder,
  withExisting,
} from './adoption.ts';
import { countFound, noChanges, type StackChanges } from './changes.ts';
import { type ComparedResource, collectCompared } from './compared.ts';
import { engineError, lockedError } from './failure.ts';
import type { PendingOperation } from './pending.ts';
import { newPlanFile } from './plan-files.ts';
import { describeHolder, isDead, type LockHolder } from './state-locks.ts';
import { type StoredResource, storedResource } from './stored-resource.ts';
import { alsoTelling, type Counting, type Operation, type WatchOptions, watchEvents } from './watch.ts';

/** Some of the resources under a component. */
export interface ResourcesOf {
  component: Component;
  resources: readonly Pick<KnownResource, 'type' | 'name'>[];
}

/** A change that was previewed: `up` applies this and nothing else. */
export interface PreviewedChange extends StackChanges {
  planFile: string;
  /** How what is really there differs from the state; undefined where it was not compared. */
  found: StackChanges | undefined;
}

/** One Pulumi stack with its program. Every method throws SwarmctlError and nothing else. */
export interface Stack {
  /**
   * What a run that was killed had begun. To be asked before anything else is done to the stack, which forgets it.
   * @throws SwarmctlError `locked` when another run is at work.
   */
  pending(signal: AbortSignal): Promise<PendingOperation[]>;
  /**
   * Takes over into the state what is really there, and tells what that is.
   * @param only these resources, all under one component, or by their URNs.
   */
  refresh(operation: Operation, only?: ResourcesOf | readonly string[]): Promise<StackChanges>;
  /** Compares what the state holds with what is really there. Nothing is written, nothing locked, no program run. */
  compare(operation: Operation): Promise<ComparedResource[]>;
  /**
   * What the program would change. Nothing is written but the plan.
   * @param options.refresh compares with what is really there instead of with the state; `up` then takes that over too.
   */
  preview(operation: Operation, options?: { refresh: boolean }): Promise<PreviewedChange>;
  /** Applies what was previewed, and fails when the program has come to want something else; without, all it wants. */
  up(operation: Operation, previewed?: PreviewedChange): Promise<StackChanges>;
  /** What `destroy` would remove. */
  previewDestroy(operation: Operation): Promise<StackChanges>;
  /** Removes everything in the stack. */
  destroy(operation: Operation): Promise<StackChanges>;
  /** Removes the stack from the state, whatever it holds. */
  forget(operation: Operation): Promise<void>;
  /** What the state holds. */
  resources(): Promise<KnownResource[]>;
  /** What the state holds of one resource, secrets in plain text; undefined when it has no such thing. */
  stored(resource: Pick<KnownResource, 'type' | 'name'>): Promise<StoredResource | undefined>;
  /** Runs the program for these of its resources alone, all under one component; the others stay as they are. */
  adopt(
    operation: Operation,
    component: Component,
    resources: readonly Pick<KnownResource, 'type' | 'name'>[],
  ): Promise<void>;
  /**
   * Writes what exists into the state, at once, as what the program wants it to be; then reads it. For resources that
   * their provider can only make, and that hold no secrets.
   */
  insert(operation: Operation, existing: readonly ExistingResource[]): Promise<void>;
}

/** Resources that are worked on at the same time; the engine's own default would queue the waits of services. */
const parallel = 64;

export interface StackParts {
  /** Of the Automation API. */
  stack: PulumiStack;
  program: PulumiFn;
  /** Gives the engine our provider for the time of one operation. */
  provide<T>(listener: ProviderListener, operation: () => Promise<T>): Promise<T>;
  /** Private folder for update plans, which hold the inputs of resources. */
  folder: string;
  /** Who holds the lock of the stack's state, as far as it can be told. */
  holders(): Promise<LockHolder[]>;
  pending(): Promise<PendingOperation[]>;
  /** Removes locks that nobody can read, and says how many. */
  removeBrokenLocks(): Promise<number>;
}

/** How long a Pulumi whose swarmctl was killed takes to end, in milliseconds: it does so by itself. */
const endingDeadlineMs = 15_000;

export function wrapStack(parts: StackParts): Stack {
  const { stack, program, provide, folder, holders, pending, removeBrokenLocks } = parts;
  // After each operation the SDK asks for outputs and history: up to three more processes whose answers nobody reads.
  Object.assign(stack, { outputs: async () => ({}), info: async () => undefined });
  /** The holders of the lock, all of them dead; one that is alive is given the time to end. */
  const deadHolders = async (signal: AbortSignal, cause?: unknown): Promise<LockHolder[]> => {
    let found: LockHolder[] = [];
    const ended = async () => {
      found = await holders();
      return found.every(isDead) ? found : undefined;
    };
    const waiting = { deadlineMs: endingDeadlineMs, signal };
    return waitUntil('End of another Pulumi', ended, waiting).catch((error: unknown) => {
      throw signal.aborted ? error : lockedError(found, cause);
    });
  };
  /** A lock whose holder was killed, or that is cut off, is nobody's: it is removed, and the operation begins anew. */
  const unlocking = async <T>({ signal, listener }: Operation, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw error;
      if ((await removeBrokenLocks()) > 0) return work().finally(removeBrokenLocks);
      if (!(error instanceof ConcurrentUpdateError)) throw error;
      const dead = await deadHolders(signal, error);
      if (dead.length === 0) throw lockedError(dead, error);
      await stack.cancel();
      listener?.onWarning(
        `Took over the state's lock from a killed run: ${dead.map(describeHolder).join(', ')}`,
      );
      return work();
    }
  };
  const watch = (
    operation: Operation,
    work: (options: WatchOptions) => Promise<unknown>,
    counting?: Counting,
  ) =>
    watchEvents(
      operation,
      (options, listener) => provide(listener, () => unlocking(operation, () => work(options))),
      counting,
    );

  const readState = () =>
    stack.exportStack().catch((failure: unknown) => {
      throw engineError(failure, { reported: [], diagnosed: [] }, `Reading the state of ${stack.name}`);
    });
  const urnsOf = async ({ component, resources }: ResourcesOf) => {
    const { name: project } = await stack.workspace.projectSettings();
    return urnsUnder(stack.name, project, component, resources);
  };

  return {
    async pending(signal) {
      await deadHolders(signal);
      return pending();
    },

    async refresh(operation, only) {
      const target = only && ('component' in only ? await urnsOf(only) : [...only]);
      const refreshing = { parallel, clearPendingCreates: true, ...(target && { target }) };
      return watch(operation, (options) => stack.refresh({ ...options, ...refreshing }), 'read');
    },

    async compare(operation) {
      const compared: ComparedResource[] = [];
      await watch(
        operation,
        (options) =>
          stack.previewRefresh({
            ...alsoTelling(options, (event) => collectCompared(compared, event)),
            parallel,
          }),
        'read',
      );
      return compared;
    },

    async preview(operation, { refresh } = { refresh: false }) {
      const planFile = newPlanFile(folder);
      const found = noChanges();
      const preview = (options: WatchOptions) =>
        stack.preview({
          ...alsoTelling(options, ({ resOutputsEvent }) => countFound(found, resOutputsEvent)),
          program,
          parallel,
          refresh,
          plan: planFile,
        });
      return { ...(await watch(operation, preview)), planFile, found: refresh ? found : undefined };
    },

    async up(operation, previewed) {
      const plan = previewed ? { plan: previewed.planFile, refresh: previewed.found !== undefined } : {};
      return watch(operation, (options) => stack.up({ ...options, ...plan, program, parallel }));
    },

    previewDestroy: (operation) =>
      watch(operation, (options) => stack.previewDestroy({ ...options, parallel })),

    destroy: (operation) => watch(operation, (options) => stack.destroy({ ...options, parallel })),

    async forget(operation) {
      await watch(operation, () => stack.workspace.removeStack(stack.name, { force: true }));
      await rm(folder, { recursive: true, force: true });
    },

    async resources() {
      return knownResources(await readState());
    },

    async stored(resource) {
      return storedResource(await readState(), resource);
    },

    async adopt(operation, component, resources) {
      // No target would mean all of the program.
      if (resources.length === 0) return;
      const target = await urnsOf({ component, resources });
      await watch(operation, (options) => stack.up({ ...options, program, parallel, target }));
    },

    async insert(operation, existing) {
      const wanted: StepEventStateMetadata[] = [];
      await watch(operation, (options) =>
        stack.preview({
          ...alsoTelling(options, (event) => collectWanted(wanted, event)),
          program,
          parallel,
        }),
      );
      await watch(operation, async () =>
        stack.importStack(withExisting(await stack.exportStack(), wanted, existing)),
      );
      await watch(operation, (options) => stack.refresh({ ...options, parallel }), 'read');
    },
  };
}
