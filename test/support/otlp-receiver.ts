import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A span as OTLP has it in JSON. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code: number };
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A collector of OpenTelemetry on this machine. */
export interface OtlpReceiver {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  /** Everything that was sent, as text, with its headers. */
  readonly sent: { readonly headers: IncomingHttpHeaders; readonly text: string }[];
  /** The spans once all of these names have come. */
  came(...names: readonly string[]): Promise<readonly ReceivedSpan[]>;
  close(): Promise<void>;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

const spansIn = (text: string): readonly ReceivedSpan[] =>
  JSON.parse(text).resourceSpans.flatMap(
    (resource: { scopeSpans: { spans: (ReceivedSpan & { attributes: Attribute[] })[] }[] }) =>
      resource.scopeSpans.flatMap(({ spans }) =>
        spans.map((span) => ({
          ...span,
          attributes: Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
        })),
      ),
  );

export const openOtlpReceiver = async (): Promise<OtlpReceiver> => {
  const waiting = new Set<() => void>();
  const server = createServer(async (message, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of message) pieces.push(piece as Buffer);
    const bytes = Buffer.concat(pieces);
    const text = (message.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
    receiver.sent.push({ headers: message.headers, text });
    receiver.spans.push(...spansIn(text));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    for (const look of waiting) look();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: OtlpReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
    spans: [],
    sent: [],
    came: (...names) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!names.every((name) => receiver.spans.some((span) => span.name === name))) return;
          waiting.delete(look);
          resolve(receiver.spans);
        };
        waiting.add(look);
        look();
      }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
};
