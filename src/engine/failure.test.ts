import type { DiagnosticEvent, EngineEvent } from '@pulumi/pulumi/automation/index.js';
import { expect, test } from 'vitest';
import { type ErrorCode, SwarmctlError } from '../errors.ts';
import { collectFailure, collectReported, engineError, type FailureEvidence } from './failure.ts';

const web = 'urn:pulumi:eu.apps::shop::swarmctl:apps:Stack$swarm:index:Service::shop_web';
const machine = 'urn:pulumi:eu::shop::docker:index/container:Container::shop-eu-manager-1';
const stack = 'urn:pulumi:eu::shop::pulumi:pulumi:Stack::shop-eu';
const what = 'Deploying the apps of eu-west-1';
const thrown = new Error('code: -2\n stdout: \n stderr: error: update failed\n');

function diagnosticEvent(message: string, rest: Partial<DiagnosticEvent>): EngineEvent {
  const event: DiagnosticEvent = { message, color: 'never', severity: 'error', ...rest };
  return { sequence: 1, timestamp: 0, diagnosticEvent: event };
}

type Evidence = (evidence: FailureEvidence) => void;

function diagnostic(message: string, rest: Partial<DiagnosticEvent> = {}): Evidence {
  return (evidence) => collectFailure(evidence, diagnosticEvent(message, rest));
}

function reported(urn: string, message: string, code: ErrorCode = 'service-failed', facts = {}): Evidence {
  return (evidence) => collectReported(evidence, urn, new SwarmctlError(code, message, facts));
}

function errorOf(...found: Evidence[]): SwarmctlError {
  const evidence: FailureEvidence = { reported: [], diagnosed: [] };
  for (const collect of found) collect(evidence);
  return engineError(thrown, evidence, what);
}

test('a provider that was killed is not called a bug', () => {
  const error = errorOf(
    diagnostic('error reading from server: EOF', { urn: web }),
    diagnostic(
      'Detected that /plugins/one exited prematurely.\nThis is *always* a bug in the provider. Please report it.\nTo assist with debugging we have dumped the STDOUT and STDERR streams of the plugin:',
    ),
  );
  expect(error.message).toBe('Deploying the apps of eu-west-1 failed at Service shop_web.');
  expect(error.details).toEqual([
    'error reading from server: EOF',
    'Detected that /plugins/one exited prematurely.',
  ]);
});

test('what our own provider reports is the error, whatever else is said', () => {
  const facts = { hint: 'Fix the cause.', details: ['| no such table'] };
  const error = errorOf(
    diagnostic('update failed', { urn: stack }),
    reported(web, 'A task of service shop_web keeps failing.', 'service-failed', facts),
    diagnostic('1 error occurred:\n\t* A task of service shop_web keeps failing.', { urn: web }),
  );
  expect(error).toMatchObject({
    code: 'service-failed',
    message: 'A task of service shop_web keeps failing.',
    hint: 'Fix the cause.',
    details: ['| no such table'],
  });
});

test('what was interrupted by a failure is not taken for the cause', () => {
  const reported = [
    { resource: 'Node two', error: new SwarmctlError('interrupted', 'Joining was interrupted.') },
    { resource: 'Node one', error: new SwarmctlError('unreachable', 'The engine cannot be reached.') },
  ];
  const { code, details } = engineError(new Error('code -2'), { reported, diagnosed: [] }, 'Forming');
  expect({ code, details }).toEqual({ code: 'unreachable', details: [] });
});

test('further failures are named with their resources, the same one only once', () => {
  const clock = web.replace('shop_web', 'shop_clock');
  const error = errorOf(
    reported(web, 'The deadline is over.', 'timeout'),
    reported(clock, 'No suitable node.'),
    reported(clock, 'The deadline is over.'),
  );
  expect(error).toMatchObject({ code: 'timeout', details: ['Also Service shop_clock: No suitable node.'] });
});

test('an error of another provider names its resource and keeps its words, without decoration', () => {
  const error = errorOf(
    diagnostic('update failed', { urn: stack }),
    diagnostic('sdk-v2/provider2.go:571: sdk.helper_schema: no space left: provider=docker@5.2.0', {
      urn: machine,
    }),
    diagnostic('<{%fg 1%}>1 error occurred:\n\t* Unable to create container: no space left\n\n<{%reset%}>', {
      urn: machine,
    }),
  );
  expect(error).toMatchObject({
    code: 'engine',
    message: `${what} failed at Container shop-eu-manager-1.`,
    details: ['Unable to create container: no space left'],
    cause: thrown,
  });
});

test('what a failed run has left undone of its plan is told only where there is nothing else', () => {
  const missed = diagnostic(`expected resource operations for ${web} but none were seen`, { urn: stack });
  const gone = diagnostic('error reading from server: EOF', { urn: machine });
  expect(errorOf(gone, missed)).toMatchObject({ details: ['error reading from server: EOF'] });
  expect(errorOf(missed)).toMatchObject({ details: [expect.stringContaining('none were seen')] });
});

test('an error of the stack itself names no resource', () => {
  const error = errorOf(diagnostic('program failed', { urn: stack }));
  expect(error).toMatchObject({ message: `${what} failed.`, details: ['program failed'] });
});

test.each<[string, Evidence]>([
  ['a warning', diagnostic('deprecated', { severity: 'warning' })],
  ['a passing message', diagnostic('retrying', { ephemeral: true })],
  ['an event of another kind', (evidence) => collectFailure(evidence, { sequence: 1, timestamp: 0 })],
])('%s is no evidence: what was thrown has to do', (_, evidence) => {
  expect(errorOf(evidence).details).toEqual(['error: update failed']);
});

test('what our provider did not expect is a bug, and told with its stack', () => {
  const error = errorOf((evidence) => collectReported(evidence, web, new TypeError('x is not a function')));
  expect(error).toMatchObject({ code: 'internal', message: 'TypeError: x is not a function' });
  expect(error.details[0]).toMatch(/^ +at /);
});

test('an error that is meant for the reader already stays the same', () => {
  const error = new SwarmctlError('interrupted', 'Interrupted.');
  expect(engineError(error, { reported: [], diagnosed: [] }, what)).toBe(error);
});
