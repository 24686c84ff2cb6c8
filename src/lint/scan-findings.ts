import type { ImageScan, LintFinding } from '../report/lint-report.ts';
import type { ClusterCompose } from './lint.ts';

/** The images that the services of the compose files name, each once; what is only built has no name to be scanned by. */
export function imagesOf(files: readonly ClusterCompose[]): string[] {
  const images = files.flatMap(({ model }) =>
    Object.values(model.services).flatMap(({ image }) => image || []),
  );
  return [...new Set(images)].sort();
}

/** What the scans say, where the compose files name the images. */
export function scanFindings(files: readonly ClusterCompose[], scans: readonly ImageScan[]): LintFinding[] {
  const findings = new Map<string, LintFinding>();
  for (const { cluster, model, locate } of files) {
    for (const [service, { image }] of Object.entries(model.services)) {
      const scan = scans.find((one) => one.image === image);
      const fault = scan && faultOf(scan);
      if (!fault) continue;
      const position = locate('services', service, 'image');
      const key = `${service} ${position} ${image}`;
      const found = findings.get(key);
      if (found) found.clusters.push(cluster);
      else findings.set(key, { rule: 'image-scan', ...fault, service, position, clusters: [cluster] });
    }
  }
  return [...findings.values()];
}

function faultOf(scan: ImageScan): Pick<LintFinding, 'severity' | 'message' | 'fix'> | undefined {
  const { image, critical, high, fixable, error } = scan;
  if (error !== undefined) {
    const fix = `See what \`trivy image ${image}\` says.`;
    return { severity: 'warning', message: `runs \`${image}\`, which could not be scanned: ${error}`, fix };
  }
  if (critical + high === 0) return undefined;
  return {
    severity: critical > 0 ? 'error' : 'warning',
    message: `runs \`${image}\` with ${critical} critical and ${high} high vulnerabilities, ${fixable} of them with a fix`,
    fix: 'Use a newer version of the image, or build it anew on a newer base.',
  };
}
