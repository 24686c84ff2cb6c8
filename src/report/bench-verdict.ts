import type { NetworkPath, NodeRef } from './bench-result.ts';

/** What a benchmark is taken for, and why. */
export interface BenchVerdict {
  outcome: BenchOutcome;
  /** Why it is no pass, one sentence each: what failed before what is in doubt. */
  reasons: string[];
  /** Nodes that were too busy to be sure of what they measured, and in what way. */
  noise: { node: string; reason: string }[];
  /** Absent without a budget. */
  budget?: BudgetVerdict;
  /** Absent without a baseline. */
  comparison?: Comparison;
}

export type BenchOutcome = 'pass' | 'fail' | 'inconclusive';

export interface BudgetVerdict {
  /** How many limits were looked at, over all pairs and paths. */
  checked: number;
  /** The worst first, by how many times over the limit. */
  missed: BudgetCheck[];
  /** Not measured, or missed in a way that busy nodes may be to blame for. */
  unsure: (BudgetCheck & { reason: string })[];
}

export interface BudgetCheck {
  from: NodeRef;
  to: NodeRef;
  path: NetworkPath;
  what: BudgetKey;
  /** Microseconds, a share from 0 to 1, or bits a second. */
  limit: number;
  /** In the unit of the limit; absent where there is no data. */
  measured?: number;
}

export type BudgetKey = 'p50' | 'p99' | 'loss' | 'throughput';

export interface Comparison {
  /** Id of the result that is the baseline. */
  baseline: string;
  aggregates: AggregateComparison[];
}

/** What is compared was declared before anything was measured: p50 and p99 of each cluster and path. */
export interface AggregateComparison {
  /** The cluster's name; absent for the pairs between clusters. */
  cluster?: string;
  path: NetworkPath;
  quantile: 'p50' | 'p99';
  /** How many values there are of the baseline and of now. */
  rounds: [baseline: number, now: number];
  /** Median over the rounds, in microseconds. */
  baseline: number;
  now: number;
  /** Microseconds by which it is slower now; negative where it is faster. */
  shift: number;
  /** Two-sided, of this test alone. */
  p: number;
  /** Corrected for the number of tests. */
  corrected: number;
  outcome: 'same' | 'slower' | 'faster' | 'unsure';
}

/** One result of the history, the mean over the pairs of each cluster and path. */
export interface BenchPoint {
  /** Of the result. */
  id: string;
  startedAt: string;
  mode: 'quick' | 'full';
  series: {
    /** Absent for the pairs between clusters. */
    cluster?: string;
    path: NetworkPath;
    /** Microseconds. */
    p50: number;
    /** Microseconds. */
    p99?: number;
  }[];
}
