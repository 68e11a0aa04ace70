import { generateKeyPairSync } from 'node:crypto';
import { spec } from '../../functions/sts.ts';
import { compose } from '../../lib/app/compose.ts';
import { inEventTrace } from '../../lib/app/event-trace.ts';
import { createBroker } from '../../lib/broker/broker.ts';
import { readConfig } from '../../lib/config/load.ts';
import { type AuditLog, type AuditRecord, unlimitedAuditLog, wrapAuditLog } from '../../lib/core/audit.ts';
import { StsError } from '../../lib/core/errors.ts';
import type { HttpResponse } from '../../lib/core/http.ts';
import type { Transport } from '../../lib/core/transport.ts';
import { readMintEvent } from '../../lib/events/cloud-event.ts';
import { once } from '../../lib/events/once.ts';
import { eventProcessor, type Outcome } from '../../lib/events/process.ts';
import type { ReplyEvent } from '../../lib/events/reply-event.ts';
import { refresh } from '../../lib/leases/refresh.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { forever } from './requests.ts';
import { type IssuerKey, issuer, now } from './token-issuer.ts';

/** What is asked, in the members that the JSON API and the data of an event have in common. */
export interface Wanted {
  readonly operation: 'AssumeRole' | 'GetFederationToken';
  readonly [member: string]: unknown;
}

interface Setting {
  readonly key: IssuerKey;
  readonly grants: readonly object[];
  readonly cloud?: Transport;
  /** Replaces the audit trail, which takes every record. */
  readonly audit?: AuditLog;
}

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const recipientKey = JSON.stringify(publicKey.export({ format: 'jwk' }));
const key = { id: 'AKIDACCOUNT', secret: 'env:SECRET' };

const noCloud: Transport = async () => {
  throw new StsError('CloudUnavailable');
};

/** A broker of its own for one question, so that nothing is kept from one way in to the next. */
const open = ({ key: issuerKey, grants, cloud = noCloud, audit }: Setting) => {
  const records: AuditRecord[] = [];
  const config = readConfig(
    {
      accounts: {
        prod: { cloud: 'aws', endpoint: 'https://sts.example.test/', key },
        other: { cloud: 'aws', endpoint: 'https://other.example.test/', key },
        us3: { cloud: 'ucloud', endpoint: 'https://us3.example.test/', key },
      },
      callers: { ci: { jwt: { issuer, audience: 'credmint', jwks: 'env:JWKS' } } },
      grants,
      events: {
        sources: {},
        recipients: {
          me: {
            jwk: 'env:RECIPIENT',
            callers: ['ci'],
            reply: { kind: 'webhook', url: 'https://me.example.test/', secret: 'env:SECRET' },
          },
        },
      },
    },
    {
      folder: '/nowhere',
      environment: {
        SECRET: 'a secret of the test, of 32 characters',
        JWKS: JSON.stringify({ keys: [issuerKey.jwk] }),
        RECIPIENT: recipientKey,
      },
    },
  );
  const deps = compose(spec, config, {
    store: memoryStore(() => now),
    transport: cloud,
    audit: wrapAuditLog(audit ?? unlimitedAuditLog(async () => undefined), (write) => async (record) => {
      await write(record);
      records.push(record);
    }),
    now: () => now,
    nonce: () => 1,
    sleep: async () => undefined,
    chance: () => 0,
  });
  return { config, deps, records };
};

const only = ([record, ...others]: readonly AuditRecord[]): AuditRecord => {
  if (record === undefined || others.length > 0) throw new Error('There must be one record.');
  return record;
};

const eventOf = ({ operation, ...members }: Wanted, token?: string) => ({
  specversion: '1.0',
  id: 'event-1',
  source: '/test',
  type: 'credmint.mint.requested',
  data: { operation, ...members, recipient: 'me', ...(token === undefined ? {} : { token }) },
});

/** Asks the JSON API. The answer is the response. */
export const byHttp = async (setting: Setting, { operation, ...members }: Wanted, token: string) => {
  const { deps, records } = open(setting);
  const answer: HttpResponse = await createBroker(deps)({
    request: {
      method: 'POST',
      scheme: 'https',
      host: 'credmint.example.test',
      path: operation === 'AssumeRole' ? '/assumeRole' : '/getFederationToken',
      query: '',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(members),
    },
    requestId: 'request-1',
    ...forever,
  });
  return { answer, records };
};

/** Asks by an event. The answer is what became of the message, and the replies that were sent. */
export const byEvent = async (setting: Setting, wanted: Wanted, token: string) => {
  const { config, deps, records } = open(setting);
  if (config.events === undefined) throw new Error('No events.');
  const replies: ReplyEvent[] = [];
  const process = eventProcessor({
    ...deps,
    settings: config.events,
    once: once(
      memoryStore(() => now),
      () => now,
    ),
    inTrace: inEventTrace,
    send: async (_target, reply) => {
      replies.push(reply);
    },
  });
  const outcome: Outcome = await process({ origin: 'queue', content: eventOf(wanted, token) }, forever.signal);
  return { answer: { outcome, replies }, records };
};

/** Asks as a lease's refresh does. The answer is the key's id, or the error. */
export const byLease = async (setting: Setting, wanted: Wanted) => {
  const { deps, records } = open(setting);
  const event = readMintEvent(eventOf(wanted));
  const request = 'asked' in event && 'request' in event.asked ? event.asked.request : undefined;
  if (request === undefined || (request.operation !== 'AssumeRole' && request.operation !== 'GetFederationToken')) {
    throw new Error('This is no request of a lease.');
  }
  const lease = { name: 'demo', account: 'prod', request, deliveries: [] };
  const { rules, audit, now: time, mint } = deps;
  const clock = { now: time, monotonicMs: () => 0, sleep: async () => undefined, chance: () => 0 };
  const answer = await refresh({ rules, audit, clock, fresh: mint.fresh }, lease, forever).then(
    ({ credentials }) => credentials.accessKeyId,
    (thrown: unknown) => StsError.from(thrown),
  );
  return { answer, records };
};

/** The record of each way in, by a token that proves `ci`. */
export const recordsOf = async (setting: Setting, wanted: Wanted, token: string) => ({
  http: only((await byHttp(setting, wanted, token)).records),
  event: only((await byEvent(setting, wanted, token)).records),
  lease: only((await byLease(setting, wanted)).records),
});

/** A cloud that answers every call so. */
export const answering =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Transport =>
  async () => ({ status, headers, body });
