import type { EngineEvent } from '@pulumi/pulumi/automation/index.js';
import { SwarmctlError } from '../errors.ts';
import { awsCredentialsError } from './aws-failure.ts';
import { describeResource } from './changes.ts';
import { stateError } from './state-failure.ts';
import { describeHolder, type LockHolder } from './state-locks.ts';

/** What is known about why a run of the engine fails. */
export interface FailureEvidence {
  /** From our own provider, in its own words. */
  reported: { resource: string; error: SwarmctlError }[];
  /** Errors of other providers and of the engine, by resource. */
  diagnosed: { resource: string | undefined; text: string }[];
}

type Reported = FailureEvidence['reported'][number];

/** What our own provider failed at. An error that it does not know is a bug. */
export function collectReported(evidence: FailureEvidence, urn: string, error: unknown): void {
  const known =
    error instanceof SwarmctlError
      ? error
      : new SwarmctlError('internal', String(error), { details: stackOf(error), cause: error });
  evidence.reported.push({ resource: describeResource(urn), error: known });
}

function stackOf(error: unknown): string[] {
  return error instanceof Error && error.stack ? error.stack.split('\n').slice(1) : [];
}

/** What the engine's events say of failures. */
export function collectFailure(evidence: FailureEvidence, { diagnosticEvent: event }: EngineEvent): void {
  if (event?.severity !== 'error' || event.ephemeral) return;
  const resource = event.urn ? describeResource(event.urn) : undefined;
  evidence.diagnosed.push({ resource, text: plainText(event.message) });
}

/**
 * The failure of a run of the Pulumi engine, as the reader should see it.
 * @param failure what the Automation API threw.
 * @param what the operation in words, such as `Previewing the apps of eu-west-1`.
 */
export function engineError(failure: unknown, evidence: FailureEvidence, what: string): SwarmctlError {
  if (failure instanceof SwarmctlError) return failure;
  // One failure makes the engine cancel the rest: what was interrupted by that is not the cause.
  const causes = evidence.reported.filter(({ error }) => error.code !== 'interrupted');
  const [first, ...others] = causes.length > 0 ? causes : evidence.reported;
  if (first) return providerError(first, others);
  return diagnosedError(failure, evidence, what);
}

/** Another run holds the lock of a stack. */
export function lockedError(holders: LockHolder[], cause: unknown): SwarmctlError {
  return new SwarmctlError('locked', 'Another run of Pulumi holds the lock of the state.', {
    details: holders.map(describeHolder),
    hint: 'Wait until it has ended.',
    cause,
  });
}

function providerError({ error }: Reported, others: Reported[]): SwarmctlError {
  const more = others
    .filter((other) => other.error.message !== error.message)
    .map((other) => `Also ${other.resource}: ${other.error.message}`);
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return new SwarmctlError(error.code, error.message, {
    ...hint,
    details: [...error.details, ...more],
    cause: error,
  });
}

function diagnosedError(cause: unknown, { diagnosed }: FailureEvidence, what: string): SwarmctlError {
  const named = diagnosed.find(({ resource }) => resource && !resource.startsWith('Stack '));
  const said = [...new Set(diagnosed.map(({ text }) => text))].filter(Boolean);
  const thrown = cause instanceof Error ? plainText(complaintOf(cause.message)) : '';
  const state = named ? undefined : stateError([...said, thrown].join('\n'), cause);
  if (state) return state;
  const credentials = awsCredentialsError([...said, thrown].join('\n'), cause);
  if (credentials) return credentials;
  const lines = said.flatMap((text) => text.split('\n'));
  const telling = lines.filter((line) => !missedOfPlan.test(line));
  const details = [telling, lines, thrown.split('\n').slice(0, 20)].find(({ length }) => length > 0) ?? [];
  return new SwarmctlError('engine', `${what} failed${named ? ` at ${named.resource}` : ''}.`, {
    details,
    cause,
  });
}

/** What Pulumi misses of its plan when a run has failed for another reason. */
const missedOfPlan = /^expected resource operations for \S+ but none were seen$/;

/** Of what the Automation API throws, with all output of the CLI in it, what the CLI complained of. */
function complaintOf(message: string): string {
  return /^ *stderr: ([\s\S]*?)(?:^ *err\?:|$(?![\s\S]))/m.exec(message)?.[1] ?? message;
}

/**
 * Lines that repeat the error with the place in a provider's code, or only say that there is one; and what Pulumi
 * takes for certain of a provider that was killed.
 */
const emptyWords =
  /^(\S+\.go:\d+: .*|(update|preview|refresh|destroy) failed|This is \*always\* a bug in the provider.*|To assist with debugging we have dumped.*)$/;

/** Colour directives of the engine (`<{%reset%}>`) and the bullet of a single error say nothing. */
function plainText(text: string): string {
  return text
    .replaceAll(/<\{%[^%]*%\}>/g, '')
    .replaceAll(/^.*\d+ errors? occurred:\s*$/gm, '')
    .replaceAll(/^\s*\* /gm, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !emptyWords.test(line))
    .join('\n');
}
