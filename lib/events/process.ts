import { randomUUID } from 'node:crypto';
import type { BrokerDeps } from '../broker/deps.ts';
import { openRecord } from '../core/audit.ts';
import type { Caller } from '../core/caller.ts';
import type { Credentials } from '../core/credentials.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { MintOperation, TokenRequest } from '../core/requests.ts';
import { decide } from '../grants/authorize.ts';
import type { Question } from '../grants/evaluate.ts';
import { explained } from '../grants/explained.ts';
import { type MintEvent, readMintEvent } from './cloud-event.ts';
import type { EventMessage } from './envelopes.ts';
import type { Once } from './once.ts';
import { closeFor, type Recipient } from './recipient.ts';
import type { ReplyEvent, SendReply } from './reply.ts';

/** How the configuration wants events. */
export interface EventSettings {
  /** The callers that origins prove, by the exact name of the origin. */
  readonly sources: ReadonlyMap<string, string>;
  readonly recipients: ReadonlyMap<string, Recipient>;
}

/** What the desk works with. */
export interface EventDeps {
  readonly brokerDeps: BrokerDeps;
  readonly settings: EventSettings;
  readonly once: Once;
  readonly send: SendReply;
}

/** What became of one message. */
export type Outcome =
  | { readonly kind: 'done' }
  /** To be delivered again: something passing was in the way. */
  | { readonly kind: 'later' }
  /** No use in delivering it again. */
  | { readonly kind: 'poison'; readonly why: string };

const later: Outcome = { kind: 'later' };
const done: Outcome = { kind: 'done' };

/**
 * Answers mint requests that come as events. At least once in, one answer out: the answer is kept, closed for its
 * recipient, before it is sent, and a message that comes again is sent the same answer.
 */
export const eventProcessor =
  ({ brokerDeps, settings, once, send }: EventDeps) =>
  async (carried: EventMessage, signal: AbortSignal): Promise<Outcome> => {
    const event = readMintEvent(carried.content);
    if (event === undefined) return { kind: 'poison', why: 'It is no CloudEvent of the type credmint.mint.requested.' };
    const recipient = settings.recipients.get(event.recipient);
    if (recipient === undefined) return { kind: 'poison', why: 'Its recipient is not known here.' };
    // The id is the sender's word, and a queue may have many senders who prove themselves by tokens. So it is one of
    // this very message's: nobody can use up another's, nor have another's answer sent to a place of their own.
    const from = JSON.stringify([carried.origin, event.source, event.digest]);
    const before = await once.begin(from, event.id);
    if (before.kind === 'done') return done;
    if (before.kind === 'busy') return later;
    try {
      const reply =
        before.kind === 'answered'
          ? before.reply
          : await answerTo(brokerDeps, settings, carried, event, recipient, signal);
      if (reply === 'later') {
        await once.giveBack(from, event.id);
        return later;
      }
      if ('stranger' in reply) {
        await once.done(from, event.id);
        return { kind: 'poison', why: reply.stranger };
      }
      // Not kept is not sent: a redelivery would mint again.
      if (before.kind === 'new' && !(await once.answered(from, event.id, reply))) {
        await once.giveBack(from, event.id);
        return later;
      }
      await send(recipient.reply, reply, signal);
      await once.done(from, event.id);
      return done;
    } catch {
      await once.giveBack(from, event.id);
      return later;
    }
  };

const proven = async (
  brokerDeps: BrokerDeps,
  { sources }: EventSettings,
  { origin }: EventMessage,
  { token }: MintEvent,
  now: Date,
): Promise<Caller> => {
  if (token !== undefined) return brokerDeps.authenticate({ kind: 'jwt', token }, now);
  const name = sources.get(origin);
  if (name === undefined) throw new StsError('Unauthenticated');
  return { name, proof: 'event' };
};

/** Somebody who may not be answered at this recipient: to tell them anything would be to let them write there. */
interface Stranger {
  readonly stranger: string;
}

/** The reply to an event, or that the answer may be another one later. */
const answerTo = async (
  brokerDeps: BrokerDeps,
  settings: EventSettings,
  carried: EventMessage,
  event: MintEvent,
  recipient: Recipient,
  signal: AbortSignal,
): Promise<ReplyEvent | Stranger | 'later'> => {
  const now = brokerDeps.now();
  const requestId = randomUUID();
  const record = openRecord({ time: now, requestId, dialect: 'event' }, () => performance.now());
  const { request } = event;
  record.note({
    operation: request.operation,
    ...omitUndefined({
      role: 'role' in request ? request.role : undefined,
      sessionName: 'sessionName' in request ? request.sessionName : 'name' in request ? request.name : undefined,
    }),
  });
  let reply: ReplyEvent | Stranger | 'later' = 'later';
  let known = false;
  try {
    record.enter('authenticate');
    const caller = await proven(brokerDeps, settings, carried, event, now);
    record.note({
      caller: caller.name,
      proof: caller.proof,
      ...omitUndefined({ auditOnlyViolations: caller.auditOnlyViolations }),
    });
    brokerDeps.admit(caller, now);
    if (!recipient.callers.has(caller.name)) {
      throw new StsError('AccessDenied', "This caller's credentials may not be sent to this recipient.");
    }
    known = true;
    record.enter('authorize');
    const question: Question<TokenRequest<MintOperation>> = { caller, request, dialect: 'event', now };
    const { allowed, auditOnlyViolations: leniency } = decide(brokerDeps.rules, question);
    const { account, grant, durationSeconds } = allowed;
    const cloud = brokerDeps.rules.accounts.get(account)?.cloud ?? '';
    record.note({ account, grant, cloud, durationSeconds });
    if (leniency !== undefined)
      record.note({ auditOnlyViolations: [...(caller.auditOnlyViolations ?? []), ...leniency.trace] });
    record.enter('mint');
    const credentials = await brokerDeps.mint.credentials(allowed, { signal });
    record.note({ accessKeyId: credentials.accessKeyId, expiration: credentials.expiration });
    record.enter('render');
    reply = completed(
      event,
      now,
      account,
      cloud,
      credentials,
      await closeFor(recipient, plainText(account, cloud, credentials)),
    );
    record.note({ outcome: 'Done' });
  } catch (thrown) {
    const error = StsError.from(thrown);
    record.note({ outcome: error.code, ...omitUndefined({ reason: error.detail.reason, trace: error.detail.trace }) });
    if (!error.traits.retryable && error.code !== 'Internal') {
      reply = known
        ? refused(event, now, explained(error, brokerDeps.explain))
        : { stranger: `${error.code}: ${error.message}` };
    }
  } finally {
    // No record, no credentials: a rejection here is a reply that is never sent.
    await brokerDeps.audit(record.close());
  }
  return reply;
};

const plainText = (account: string, cloud: string, credentials: Credentials): string =>
  JSON.stringify({
    account,
    cloud,
    credentials: {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey.reveal(),
      sessionToken: credentials.sessionToken.reveal(),
      expiration: credentials.expiration.toISOString(),
    },
  });

const replyTo = (
  event: MintEvent,
  now: Date,
  type: ReplyEvent['type'],
  data: Readonly<Record<string, unknown>>,
): ReplyEvent => ({
  specversion: '1.0',
  // The same for the same request, so that a receiver can know a second copy.
  id: `${event.id}/reply`,
  source: 'credmint',
  type,
  time: now.toISOString(),
  datacontenttype: 'application/json',
  data: { requestId: event.id, requestSource: event.source, ...data },
});

const completed = (
  event: MintEvent,
  now: Date,
  account: string,
  cloud: string,
  { accessKeyId, expiration }: Credentials,
  jwe: string,
): ReplyEvent =>
  replyTo(event, now, 'credmint.mint.completed', {
    account,
    cloud,
    accessKeyId,
    expiration: expiration.toISOString(),
    jwe,
  });

const refused = (event: MintEvent, now: Date, { code, message, detail }: StsError): ReplyEvent =>
  replyTo(event, now, 'credmint.mint.refused', {
    code,
    detail: message,
    ...omitUndefined({ reason: detail.reason, parameter: detail.parameter, trace: detail.trace }),
  });
