// Prints `N passed, N failed` (and `, N skipped`) from vitest's JSON report: count-tests.mjs REPORT EXIT-CODE
import { existsSync, readFileSync } from 'node:fs';

const [file, exitCode] = process.argv.slice(2);
const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { testResults: [] };
const outcomes = report.testResults.flatMap(outcomesOf);
const passed = count('passed');
// A run that failed outside of any test, in its set-up for example, has failed all the same.
const failed = count('failed') || (exitCode === '0' ? 0 : 1);
const skipped = outcomes.length - passed - count('failed');
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);

/** A file that could not even be loaded has no tests to count: it counts as one. */
function outcomesOf({ status, assertionResults }) {
  if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) {
    return ['failed', ...assertionResults.map((test) => test.status)];
  }
  return assertionResults.map((test) => test.status);
}

function count(outcome) {
  return outcomes.filter((each) => each === outcome).length;
}
