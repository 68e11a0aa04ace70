import { randomUUID } from 'node:crypto';
import { inEventTrace } from '../app/event-trace.ts';
import type { BrokerDeps } from '../broker/deps.ts';
import type { ConfiguredEvents } from '../config/sections/events.ts';
import type { HttpResponse } from '../core/http.ts';
import type { Store } from '../core/store.ts';
import { processBatch } from '../events/batch.ts';
import { readEnvelope } from '../events/envelopes.ts';
import { contentOf } from '../events/http-mode.ts';
import { once } from '../events/once.ts';
import { eventProcessor } from '../events/process.ts';
import type { ReplyEvent } from '../events/reply-event.ts';
import { type Answerer, commonHeaders } from '../platform/answer.ts';
import { type RawRequest, readRequest } from '../platform/raw-request.ts';
import { isLoopback } from './own-host-only.ts';

const json = (status: number, body: object): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/**
 * Answers `POST /events` of a laptop: a CloudEvent in any mode, or a document as a queue would bring it. Replies are in the answer
 * rather than sent to their recipient. The origin `direct` is not authenticated, so only this machine may ask.
 */
export const localEvents = (brokerDeps: BrokerDeps, settings: ConfiguredEvents, store: Store): Answerer => {
  const answer = async (raw: RawRequest, deadlineMs: number): Promise<HttpResponse> => {
    const { request, fault } = readRequest(raw);
    if (!isLoopback(raw.sourceIp)) return json(403, { code: 'AccessDenied' });
    if (request.method !== 'POST') return json(405, { code: 'MethodNotAllowed' });
    if (fault !== undefined) return json(400, { code: fault.code, detail: fault.message });
    const messages = readEnvelope(contentOf(request));
    if (messages === undefined) {
      return json(400, { code: 'InvalidRequest', detail: 'Send a CloudEvent or an event document as JSON.' });
    }
    const replies: ReplyEvent[] = [];
    const refused: string[] = [];
    const reader = eventProcessor({
      ...brokerDeps,
      settings,
      once: once(store, brokerDeps.now),
      inTrace: inEventTrace,
      send: async (_target, event) => {
        replies.push(event);
      },
    });
    const { batchItemFailures } = await processBatch(
      messages.map((message, index) => ({ itemId: String(index), ...message })),
      {
        process: reader,
        deadLetter: async (_one, why) => {
          refused.push(why);
        },
      },
      AbortSignal.timeout(Math.max(1, deadlineMs)),
    );
    return json(200, { replies, refused, again: batchItemFailures });
  };
  return async (raw, deadlineMs) => {
    const response = await answer(raw, deadlineMs);
    return { ...response, headers: { ...response.headers, ...commonHeaders(randomUUID(), brokerDeps.now()) } };
  };
};
