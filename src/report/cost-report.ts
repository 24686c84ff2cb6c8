import type { ExitCode } from '../errors.ts';

/** The document that `cost --json` prints. */
export interface CostReport extends FleetCost {
  /** Version of this document's shape. */
  version: 1;
  command: 'cost';
  fleet: string;
  ok: boolean;
  exitCode: ExitCode;
}

/** What a fleet costs, in US dollars a month of 730 hours. */
export interface FleetCost {
  currency: string;
  /** When the prices were valid, and where they are from; absent where nothing is charged for. */
  prices?: { date: string; source: string };
  clusters: ClusterCost[];
  /** What no cluster has for itself. */
  shared: CostItem[];
  monthly: number;
}

export interface ClusterCost {
  name: string;
  region: string;
  items: CostItem[];
  monthly: number;
}

export interface CostItem {
  what: string;
  quantity: number;
  monthly: number;
  /** Whether the quantity depends on use, so that it is a guess. */
  isGuess?: boolean;
}
