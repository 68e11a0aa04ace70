// As little of a function's runtime as will do: loads a bundle, hands it one event, and says by channel 3 when the
// answer was there: in milliseconds since this process began, and of its processor time.
const { readFileSync, writeSync } = require('node:fs');
const { handler } = require(process.argv[2]);

handler(JSON.parse(readFileSync(process.argv[3], 'utf8')), { getRemainingTimeInMillis: () => 10_000 }).then(
  ({ statusCode, body }) => {
    const milliseconds = performance.now();
    const { user, system } = process.cpuUsage();
    const processor = (user + system) / 1000;
    writeSync(3, JSON.stringify({ milliseconds, processor, statusCode, body }));
    process.exit(0);
  },
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
