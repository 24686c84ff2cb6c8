import { execa } from 'execa';
import type { ImageScan } from '../report/lint-report.ts';

/** How long one image may take, in milliseconds: the first scan loads the database. */
const deadlineMs = 300_000;

/** As far as it is read here (trivy, "Report", JSON). */
interface TrivyReport {
  Results?: { Vulnerabilities?: { VulnerabilityID: string; Severity: string; FixedVersion?: string }[] }[];
}

/** Whether trivy is on PATH. */
export async function hasTrivy(signal: AbortSignal): Promise<boolean> {
  const { failed } = await execa('trivy', ['--version'], {
    reject: false,
    stdin: 'ignore',
    cancelSignal: signal,
  });
  return !failed;
}

/** Asks trivy what is known of an image. One that it cannot scan is told as such: that is no clean one. */
export async function scanImage(image: string, signal: AbortSignal): Promise<ImageScan> {
  const args = ['image', '--quiet', '--format', 'json', '--severity', 'HIGH,CRITICAL', '--', image];
  const options = { reject: false, stdin: 'ignore', timeout: deadlineMs, cancelSignal: signal } as const;
  const { failed, stdout, stderr, timedOut } = await execa('trivy', args, options);
  const nothing = { image, critical: 0, high: 0, fixable: 0 };
  if (timedOut) return { ...nothing, error: `trivy did not finish within ${deadlineMs / 1000} s` };
  if (failed) return { ...nothing, error: lastLine(stderr) };
  try {
    return { image, ...countVulnerabilities(JSON.parse(stdout) as TrivyReport) };
  } catch {
    return { ...nothing, error: 'trivy wrote no JSON that can be read' };
  }
}

/** The same vulnerability in several packages counts once. */
function countVulnerabilities({ Results = [] }: TrivyReport): Omit<ImageScan, 'image'> {
  const all = Results.flatMap(({ Vulnerabilities }) => Vulnerabilities ?? []);
  const distinct = [...new Map(all.map((one) => [one.VulnerabilityID, one])).values()];
  const count = (severity: string) => distinct.filter(({ Severity }) => Severity === severity).length;
  const fixable = distinct.filter(({ FixedVersion }) => FixedVersion).length;
  return { critical: count('CRITICAL'), high: count('HIGH'), fixable };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'trivy failed without a reason';
}
