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
const failed = report?.numFailedTests ?? 0;
const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
if (!report) process.stdout.write('vitest wrote no report.\n');
// A file that fails to load fails the run and counts no test.
if (report && !report.success && failed === 0) process.stdout.write('A test file failed before any test in it ran.\n');

process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = earlierFailure === '0' && report?.success === true && failed === 0 && passed > 0 ? 0 : 1;
