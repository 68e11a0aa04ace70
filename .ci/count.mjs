// The last line of CI: what vitest's report says ran. No report, or no test in it, is a failure.
import { readFileSync } from 'node:fs';

const [reportPath, earlierFailure] = process.argv.slice(2);

const read = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

const report = read(reportPath);
const passed = report?.numPassedTests ?? 0;
// A file that fails to load fails the run and counts no test: it counts as one here.
const unloaded = (report?.testResults ?? []).filter(
  ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
).length;
const failed = (report?.numFailedTests ?? 0) + unloaded;
const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
if (!report) process.stdout.write('vitest wrote no report.\n');

process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = earlierFailure === '0' && report?.success === true && failed === 0 && passed > 0 ? 0 : 1;
