import { randomUUID } from 'node:crypto';
import { StsError } from '../core/errors.ts';
import { documentPaths, documentsOf } from '../issuer/documents.ts';
import type { Issuer } from '../issuer/issuer.ts';
import { type Answerer, commonHeaders } from '../platform/answer.ts';
import { onceOpened } from './once-opened.ts';

/** JSON texts by path. They hold nothing that is secret. */
export type PublicDocuments = Readonly<Record<string, string>>;

/** How long caches may keep a document, in seconds: a new key must be published for longer than this before it signs. */
const maxAgeSeconds = 300;

/** How long the keys may take to be opened, in milliseconds. */
const maxOpeningMs = 4_000;

const { token: _, ...publicPaths } = documentPaths;
const paths: ReadonlySet<string> = new Set(Object.values(publicPaths));

/**
 * Answers requests for the issuer's public documents, which anybody may read and any cache may keep; all other requests
 * go on.
 *
 * @example
 * const answer = withDocuments(async () => ({ '/.well-known/jwks.json': '{"keys":[]}' }), () => new Date(), next);
 */
export const withDocuments =
  (read: () => Promise<PublicDocuments>, now: () => Date, next: Answerer): Answerer =>
  async (raw, deadlineMs) => {
    if (!paths.has(raw.path)) return next(raw, deadlineMs);
    const headers = { ...commonHeaders(randomUUID(), now()), 'content-type': 'application/json' };
    const refusal = (status: number, error: string) => ({ status, headers, body: JSON.stringify({ error }) });
    if (raw.method !== 'GET' && raw.method !== 'HEAD') {
      return { ...refusal(405, 'invalid_request'), headers: { ...headers, allow: 'GET, HEAD' } };
    }
    try {
      const body = (await read())[raw.path];
      if (body === undefined) return refusal(404, 'not_found');
      // Pages of other origins may read what is public (Discovery 1.0, 7).
      const shared = { 'cache-control': `public, max-age=${maxAgeSeconds}`, 'access-control-allow-origin': '*' };
      return { status: 200, headers: { ...headers, ...shared }, body };
    } catch (thrown) {
      return refusal(StsError.from(thrown).traits.status, 'server_error');
    }
  };

/** The same for an issuer: its documents are made at the first request, and again after a failure. */
export const withIssuerDocuments = (issuer: Issuer, now: () => Date, next: Answerer): Answerer => {
  const made = onceOpened(() => documentsOf(issuer, AbortSignal.timeout(maxOpeningMs)));
  return withDocuments(made.open, now, next);
};
