import type { SwarmctlError } from '../../errors.ts';
import type { Cluster, Fleet } from '../../fleet/model.ts';
import type { AdoptableMachines } from '../adoptable-machines.ts';
import type { ClusterContext } from '../cluster.ts';
import type { Run } from '../run.ts';
import { aws } from './aws.ts';
import { hosts } from './hosts.ts';
import { local } from './local.ts';

/** What of a run depends on where the machines are. Which these are, `machinesOf` says. */
export interface Target {
  /** Whether the nodes share one kernel, with no network between them. */
  simulation: boolean;
  /**
   * IPv4 range of each cluster's machines by its name, where swarmctl chooses it.
   * @throws SwarmctlError `config` when there is none left.
   */
  subnets(fleet: Fleet, clusters: readonly Cluster[]): Promise<ReadonlyMap<string, string>>;
  /** The Pulumi program of a cluster's machines and their swarm, which gives the outputs of its stack. */
  program(context: ClusterContext): () => Promise<Record<string, unknown> | undefined>;
  /** What has to be done before machines that are there can be reached from here. */
  findWay?(run: Pick<Run, 'fleet' | 'settings' | 'workspace' | 'existing'>, cluster: Cluster): Promise<void>;
  /** Why a cluster that the state does not know is not formed; undefined where nothing is in the way. */
  refusal(context: ClusterContext): Promise<SwarmctlError | undefined>;
  /**
   * Removes what a run of this very state made and did not live to write down, so that it can be made anew.
   * @param known resources that the state holds, as `Container shop-eu-west-1-manager-1`.
   */
  removeOrphans(context: ClusterContext, known: ReadonlySet<string>): Promise<void>;
  /**
   * Finds the machines of a cluster that runs already, with their swarm, for `adopt`.
   * @throws SwarmctlError `conflict` that says what is not as it has to be and cannot be changed.
   */
  findMachines(context: ClusterContext): Promise<AdoptableMachines>;
  /**
   * What is to be between the clusters of a fleet and in front of them.
   * @param there names of the stacks that hold anything.
   */
  links?(run: Pick<Run, 'fleet' | 'workspace' | 'signal'>, there: ReadonlySet<string>): Promise<Links>;
}

/** What is between the clusters of a fleet, and in front of them all. */
export interface Links {
  /** Its program; undefined where there is to be nothing of the kind. */
  program: (() => Promise<void>) | undefined;
  /** Clusters of the file that are not there yet, so that it is without them. */
  missing: string[];
}

const targets: Record<Fleet['target'], Target> = { local, hosts, aws };

export function targetOf({ target }: Pick<Fleet, 'target'>): Target {
  return targets[target];
}
