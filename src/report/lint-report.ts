import type { ExitCode } from '../errors.ts';

/** `error`: it will hurt sooner or later; `warning`: it should be there in production; `note`: worth a look. */
export type Severity = 'error' | 'warning' | 'note';

/** The document that `lint --json` prints. */
export interface LintReport {
  /** Version of this document's shape. */
  version: 1;
  command: 'lint';
  fleet: string;
  ok: boolean;
  exitCode: ExitCode;
  findings: LintFinding[];
  /** Of images that were scanned; empty where trivy is not installed. */
  scans: ImageScan[];
}

export interface LintFinding {
  rule: string;
  severity: Severity;
  service: string;
  /** `file:line:col` */
  position: string;
  message: string;
  fix: string;
  /** The clusters that it is about. */
  clusters: string[];
}

/** What trivy knows of an image. */
export interface ImageScan {
  image: string;
  /** Known vulnerabilities of these severities, and how many of them have a fixed version. */
  critical: number;
  high: number;
  fixable: number;
  /** Why it could not be scanned. */
  error?: string;
}
