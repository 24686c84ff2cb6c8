import type { IgnoreRule } from '../fleet/model.ts';
import type { DriftFinding } from '../report/report.ts';

/**
 * Findings as the fleet file's rules let them count: a field that a rule matches is taken out into a finding that is
 * ignored, so that the others of the resource still count.
 * @param today as `2026-11-21`, UTC; a rule holds through its last day.
 */
export function applyRules(
  findings: readonly DriftFinding[],
  rules: readonly IgnoreRule[],
  today: string,
): DriftFinding[] {
  const valid = rules.filter(({ until }) => until >= today);
  return findings.flatMap((finding) => applyTo(finding, valid));
}

/** Rules that have ended, so that nobody waits for them. */
export function endedRules(rules: readonly IgnoreRule[], today: string): IgnoreRule[] {
  return rules.filter(({ until }) => until < today);
}

function applyTo(finding: DriftFinding, rules: readonly IgnoreRule[]): DriftFinding[] {
  const ruleFor = (what: string) => rules.find(({ match }) => matches(match, what));
  const { type, name, check, fields } = finding;
  const whole = ruleFor(`${type} ${name}`) ?? ruleFor(`${type} ${name} ${check}`);
  if (whole) return [ignored(finding, whole)];
  const byRule = Map.groupBy(fields, ({ path }) => ruleFor(`${type} ${name} ${path}`));
  if (byRule.size === 0) return [finding];
  return [...byRule].map(([rule, some]) => {
    const part = { ...finding, fields: some };
    return rule ? ignored(part, rule) : part;
  });
}

function ignored(finding: DriftFinding, { reason, until }: IgnoreRule): DriftFinding {
  return { ...finding, level: 'ignored', reason: `${reason} (until ${until})` };
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}
