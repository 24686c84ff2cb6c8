import type { ImageSource } from '../src/docker/copy-images.ts';
import type { Engine } from '../src/docker/engine.ts';
import type { Shell } from '../src/docker/shell.ts';
import type { Swarm } from '../src/docker/swarm.ts';
import type { ManagerTurns } from './manager-turns.ts';
import type { Roll } from './roll.ts';

/** What a resource's operations work with. */
export interface Context {
  /** The swarm that the stack is about, asked through any manager with a quorum. */
  swarm: Swarm;
  /** Opens the engine at an endpoint; it is closed when the operation ends. */
  engine(endpoint: string): Engine;
  /** The shell of the machine that the engine at an endpoint is on; closed as that is. */
  shell(endpoint: string): Shell;
  /** What takes machines down, one after the other. */
  roll: Roll;
  /** Engines that may have the images of services: this machine's, then the managers'. */
  imageSources(): ImageSource[];
  progress(text: string): void;
  /** For what changes who manages the swarm. */
  managerTurn: ManagerTurns;
  /** Aborted when the run is cancelled. */
  signal: AbortSignal;
}

/** How `update` can bring about a change: in place, or only by a new resource. */
export interface Difference {
  /** Paths of the properties that differ. */
  changes: string[];
  /** Those among them that need a new resource. */
  replaces: string[];
}

/**
 * One resource type. `Inputs` are what the program says, `State` what is kept of the resource.
 * An operation throws a SwarmctlError; `read` gives undefined only when the swarm itself said that it has no such
 * thing, so that what cannot be read is never taken for gone.
 */
export interface Resource<Inputs, State extends Inputs> {
  /** Properties that are secret in the state, whatever the program says of them. */
  secrets?: readonly (keyof State & string)[];
  difference(state: State, inputs: Inputs): Difference;
  create(context: Context, inputs: Inputs): Promise<{ id: string; state: State }>;
  read(context: Context, id: string, state: State): Promise<{ inputs: Inputs; state: State } | undefined>;
  update(context: Context, id: string, state: State, inputs: Inputs): Promise<State>;
  delete(context: Context, id: string, state: State): Promise<void>;
}

/**
 * Thrown when the resource exists but is not as it should be: Pulumi keeps it in its state with `id` and
 * `properties`, and the next `up` goes on from there (Pulumi's ErrorResourceInitFailed).
 */
export class HalfDoneError extends Error {
  readonly id: string;
  readonly properties: unknown;
  readonly reasons: string[];
  override readonly cause: unknown;

  constructor(id: string, properties: unknown, cause: unknown) {
    const message = cause instanceof Error ? cause.message : String(cause);
    super(message);
    this.id = id;
    this.properties = properties;
    this.reasons = [message];
    this.cause = cause;
  }
}
