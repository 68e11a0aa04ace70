import type { HttpResponse } from '../../core/http.ts';

/** A request to the agent, as much of it as is looked at. */
export interface AgentRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** By lower-case name; a header that came twice is joined. */
  readonly headers: Readonly<Record<string, string>>;
  /** The caller's end of the connection, by which the owner of its process is found. */
  readonly peerPort: number;
}

/** Answers a request; never rejects. */
export type AgentAnswer = (request: AgentRequest) => Promise<HttpResponse>;

const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** An answer of JSON. */
export const jsonAnswer = (status: number, value: unknown): HttpResponse => ({
  status,
  headers: { ...headers, 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/** An answer of plain text, as metadata services give names and tokens. */
export const textAnswer = (
  status: number,
  text: string,
  more: Readonly<Record<string, string>> = {},
): HttpResponse => ({
  status,
  headers: { ...headers, 'content-type': 'text/plain', ...more },
  body: text,
});

/** A refusal in the form that the container credentials providers of the AWS SDKs show to their user. */
export const refusal = (status: number, code: string, message: string): HttpResponse =>
  jsonAnswer(status, { Code: code, Message: message });
