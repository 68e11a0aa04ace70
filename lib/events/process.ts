import { randomUUID } from 'node:crypto';
import { fieldsOfRequest } from '../broker/record-fields.ts';
import { type AnswerEventDeps, answerEvent, type EventAnswer } from './answer-event.ts';
import { type MintEvent, readMintEvent } from './cloud-event.ts';
import type { EventMessage } from './envelopes.ts';
import type { Once } from './once.ts';
import type { Recipient } from './recipient.ts';
import type { SendReply } from './reply.ts';

/** What processing events needs. */
export interface EventDeps extends AnswerEventDeps {
  readonly once: Once;
  readonly send: SendReply;
  /** Does something within the trace that an event is of. */
  inTrace<Result>(event: Pick<MintEvent, 'traceparent'>, act: () => Promise<Result>): Promise<Result>;
}

/** What became of one message. */
export type Outcome =
  | { readonly kind: 'done' }
  /** To be delivered again: the failure may pass. */
  | { readonly kind: 'retry' }
  /** Another delivery would not help. */
  | { readonly kind: 'reject'; readonly why: string };

const retry: Outcome = { kind: 'retry' };
const done: Outcome = { kind: 'done' };

/**
 * Answers mint requests that come as events. Deliveries are at least once and answers exactly one: the answer is kept,
 * encrypted for its recipient, before it is sent, and a message that comes again is sent the same answer.
 *
 * @example
 * const process = eventProcessor({ ...brokerDeps, settings, once: once(store, now), send: replySender(replyDeps) });
 * const outcome = await process({ origin: queueArn, itemId, content }, signal);
 */
export const eventProcessor =
  (deps: EventDeps) =>
  async (message: EventMessage, signal: AbortSignal): Promise<Outcome> => {
    const event = readMintEvent(message.content);
    if ('unreadable' in event) return { kind: 'reject', why: event.unreadable };
    const recipient = deps.settings.recipients.get(event.recipient);
    if (recipient === undefined) return { kind: 'reject', why: 'The recipient of the event is not known.' };
    return deps.inTrace(event, () => processMint(message, event, recipient, signal, deps));
  };

const processMint = async (
  message: EventMessage,
  event: MintEvent,
  recipient: Recipient,
  signal: AbortSignal,
  deps: EventDeps,
): Promise<Outcome> => {
  const { once, send } = deps;
  // The sender chooses the id, and a queue may have many senders that prove themselves by tokens. So an event is
  // remembered by all of its content: no sender can use up another's id, or have another's answer sent elsewhere.
  // A trigger that fires again with the same content asks again.
  const from = JSON.stringify([message.origin, event.source, event.digest, message.firing ?? event.time]);
  const before = await once.begin(from, event.id);
  if (before.kind === 'done') return recordRepetition(event, deps);
  if (before.kind === 'busy') return retry;
  try {
    const answer: EventAnswer =
      before.kind === 'answered'
        ? { kind: 'reply', reply: before.reply }
        : await answerEvent(message, event, recipient, signal, deps);
    if (answer.kind === 'retry') {
      await once.giveBack(from, event.id);
      return retry;
    }
    if (answer.kind === 'untrusted recipient') {
      // Not done: it may be put back when the sender may use the recipient.
      await once.giveBack(from, event.id);
      return { kind: 'reject', why: answer.why };
    }
    // An answer that is not kept is not sent: the next delivery would mint again.
    if (before.kind === 'new' && !(await once.answered(from, event.id, answer.reply))) {
      await answer.giveBackProof?.();
      await once.giveBack(from, event.id);
      return retry;
    }
    await send(recipient.reply, answer.reply, signal);
    await once.done(from, event.id);
    return done;
  } catch {
    await once.giveBack(from, event.id);
    return retry;
  }
};

/** The record of a message that came again and is not answered again: or nobody would know that nothing was done. */
const recordRepetition = async ({ id, asked }: MintEvent, { audit, now }: EventDeps): Promise<Outcome> => {
  try {
    const said = 'request' in asked ? fieldsOfRequest(asked.request) : {};
    const record = { event: id, time: now(), requestId: randomUUID(), dialect: 'event' };
    await audit({ ...said, ...record, outcome: 'AlreadyDone' });
    return done;
  } catch {
    return retry;
  }
};
