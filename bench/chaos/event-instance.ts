import { createInterface } from 'node:readline';
import { handler } from '../../functions/mintOnEvent.ts';

// An instance of the function: an event a line, and what came of it.

for await (const line of createInterface(process.stdin)) {
  const said = await handler(JSON.parse(line), {}).then(
    (result) => ((result as { batchItemFailures?: unknown[] }).batchItemFailures?.length === 0 ? 'done' : 'failed'),
    () => 'failed',
  );
  process.stdout.write(`${said}\n`);
}
