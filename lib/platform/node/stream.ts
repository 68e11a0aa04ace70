import type { ServerResponse } from 'node:http';
import type { HttpResponse } from '../../core/http.ts';

/** An answer whose body is written as it happens. */
export interface StreamedResponse extends Omit<HttpResponse, 'body'> {
  /**
   * Writes the body, and resolves at its end; the signal is aborted when the reader is gone. `write` returns whether the
   * reader keeps up: if not, what is written waits in memory.
   */
  readonly stream: (write: (text: string) => boolean, gone: AbortSignal) => Promise<void>;
}

/** Writes a streamed answer to its end; `withBody` is false for HEAD. */
export const writeStream = async (
  response: ServerResponse,
  { status, headers, stream }: StreamedResponse,
  withBody: boolean,
): Promise<void> => {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  if (response.destroyed) gone.abort();
  response.writeHead(status, { ...headers });
  response.flushHeaders();
  if (withBody) await stream((text) => response.write(text), gone.signal);
  response.end();
};
