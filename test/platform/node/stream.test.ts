import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { writeStream } from '../../../lib/platform/node/stream.ts';

it('tells a stream at once that its reader left before it began', async () => {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  response.destroy();
  await new Promise((resolve) => setImmediate(resolve));
  let isGone: boolean | undefined;
  const stream = async (_: unknown, gone: AbortSignal) => {
    isGone = gone.aborted;
  };
  await writeStream(response, { status: 200, headers: {}, stream }, true);
  expect(isGone).toBe(true);
});
