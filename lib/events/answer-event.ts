import { randomUUID } from 'node:crypto';
import { withRecord } from '../audit/with-record.ts';
import type { BrokerDeps } from '../broker/deps.ts';
import { identifyCaller } from '../broker/identify-caller.ts';
import { issue } from '../broker/issue.ts';
import type { Caller } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { explained } from '../grants/explained.ts';
import type { MintEvent } from './cloud-event.ts';
import type { EventMessage } from './envelopes.ts';
import type { Recipient } from './recipient.ts';
import { completed, type ReplyEvent, refused } from './reply-event.ts';

/** How the configuration wants events. */
export interface EventSettings {
  /** The callers that origins prove, by the exact name of the origin. */
  readonly sources: ReadonlyMap<string, string>;
  readonly recipients: ReadonlyMap<string, Recipient>;
}

/** What answering an event needs. */
export interface AnswerEventDeps
  extends Pick<BrokerDeps, 'authenticate' | 'admit' | 'rules' | 'mint' | 'audit' | 'explain' | 'now'> {
  readonly settings: EventSettings;
}

/** The answer to an event that has not been answered before. */
export type EventAnswer =
  | { readonly kind: 'reply'; readonly reply: ReplyEvent; readonly giveBackProof?: () => Promise<void> }
  /** The same event may succeed later. */
  | { readonly kind: 'retry' }
  /** The sender may not have answers sent to this recipient: any answer would let it write there. */
  | { readonly kind: 'untrusted recipient'; readonly why: string };

/** Who sent an event: the holder of its token, or the caller that its origin proves. */
const proveSender = (
  { origin }: EventMessage,
  { token }: MintEvent,
  now: Date,
  { authenticate, settings }: AnswerEventDeps,
): Caller | Promise<Caller> => {
  if (token !== undefined) return authenticate({ kind: 'jwt', token }, now);
  const name = settings.sources.get(origin);
  if (name === undefined) throw new StsError('Unauthenticated');
  return { name, proof: 'event' };
};

/** Issues what an event asks for, or refuses it. Never rejects. */
export const answerEvent = async (
  message: EventMessage,
  event: MintEvent,
  recipient: Recipient,
  signal: AbortSignal,
  deps: AnswerEventDeps,
): Promise<EventAnswer> => {
  const now = deps.now();
  const { asked } = event;
  const answered = { ...event, ...omitUndefined({ firing: message.firing }) };
  let isTrusted = false;
  let caller: Caller | undefined;
  try {
    return await withRecord(
      { time: now, requestId: randomUUID(), dialect: 'event' },
      async (record) => {
        record.note({ event: event.id });
        const prove = () => proveSender(message, event, now, deps);
        caller = await identifyCaller('request' in asked ? asked.request : undefined, prove, record);
        deps.admit(caller, now);
        if (!recipient.callers.has(caller.name)) {
          throw new StsError('AccessDenied', "This caller's credentials may not be sent to this recipient.");
        }
        isTrusted = true;
        if ('fault' in asked) throw asked.fault;
        const issued = await issue(
          { caller, request: asked.request, dialect: 'event', now },
          { signal },
          { rules: deps.rules, source: deps.mint.credentials, record },
        );
        record.enter('render');
        const reply = await completed(answered, now, issued, recipient);
        return omitUndefined<EventAnswer>({ kind: 'reply', reply, giveBackProof: caller.giveBackProof });
      },
      { signal },
      deps,
    );
  } catch (thrown) {
    const error = StsError.from(thrown);
    if (error.mayPass) {
      await caller?.giveBackProof?.();
      return { kind: 'retry' };
    }
    const told = 'fault' in asked ? asked.fault : error;
    if (!isTrusted) return { kind: 'untrusted recipient', why: `${told.code}: ${told.message}` };
    return { kind: 'reply', reply: refused(answered, now, explained(error, deps.explain)) };
  }
};
