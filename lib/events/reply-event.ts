import type { Issued } from '../broker/issue.ts';
import type { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { MintEvent } from './cloud-event.ts';
import type { EventMessage } from './envelopes.ts';
import { encryptFor, type Recipient } from './recipient.ts';

/** A CloudEvent that answers a mint request. It travels in the clear, so it holds no secret outside its JWE. */
export interface ReplyEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: 'credmint.mint.completed' | 'credmint.mint.refused';
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a reply says of the event that it answers. */
type AnsweredEvent = Pick<MintEvent, 'id' | 'source'> & Pick<EventMessage, 'firing'>;

/** The reply that carries credentials, encrypted for the recipient. */
export const completed = async (
  event: AnsweredEvent,
  now: Date,
  issued: Issued,
  recipient: Recipient,
): Promise<ReplyEvent> => {
  const { account, credentials } = issued;
  return replyTo(event, now, 'credmint.mint.completed', {
    account: account.name,
    cloud: account.cloud,
    accessKeyId: credentials.accessKeyId,
    expiration: credentials.expiration.toISOString(),
    jwe: await encryptFor(recipient, plainText(issued)),
  });
};

/** The reply that says why there are no credentials. */
export const refused = (event: AnsweredEvent, now: Date, { code, message, detail }: StsError): ReplyEvent =>
  replyTo(event, now, 'credmint.mint.refused', {
    code,
    detail: message,
    ...omitUndefined({ reason: detail.reason, parameter: detail.parameter, trace: detail.trace }),
  });

/** What the recipient decrypts: `OpenedReply` of lib/delivery/open.ts. */
const plainText = ({ account, credentials }: Issued): string =>
  JSON.stringify({
    account: account.name,
    cloud: account.cloud,
    credentials: {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey.reveal(),
      sessionToken: credentials.sessionToken.reveal(),
      expiration: credentials.expiration.toISOString(),
    },
  });

const replyTo = (
  { firing, ...event }: AnsweredEvent,
  now: Date,
  type: ReplyEvent['type'],
  data: Readonly<Record<string, unknown>>,
): ReplyEvent => ({
  specversion: '1.0',
  // The same for the same request, so that a receiver can recognize a second copy; another for another firing.
  id: `${event.id}/${firing === undefined ? '' : `${firing}/`}reply`,
  source: 'credmint',
  type,
  time: now.toISOString(),
  datacontenttype: 'application/json',
  data: { requestId: event.id, requestSource: event.source, ...data },
});
