// What Lambda's runtime for Node does between the Runtime API and a handler, in a few lines.
const { request } = require('node:http');
const { join } = require('node:path');

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');

const call = (method, path, body) =>
  new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path: `/2018-06-01/runtime/invocation/${path}` }, (incoming) => {
      const pieces = [];
      incoming.on('data', (piece) => pieces.push(piece));
      incoming.on('end', () => resolve({ headers: incoming.headers, body: Buffer.concat(pieces).toString() }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });

const invoke = async ({ headers, body }) => {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const id = headers['lambda-runtime-aws-request-id'];
  const context = { awsRequestId: id, functionName: 'credmint', getRemainingTimeInMillis: () => deadline - Date.now() };
  try {
    const { handler } = require(join(process.env.LAMBDA_TASK_ROOT, 'index.cjs'));
    const reply = await handler(JSON.parse(body), context);
    await call('POST', `${id}/response`, JSON.stringify(reply ?? null));
  } catch (thrown) {
    const { name = 'Error', message = String(thrown) } = thrown ?? {};
    process.stderr.write(`${thrown?.stack ?? thrown}\n`);
    await call('POST', `${id}/error`, JSON.stringify({ errorType: name, errorMessage: message }));
  }
};

const run = async () => {
  for (;;) await invoke(await call('GET', 'next'));
};

run().catch(() => process.exit(1));
