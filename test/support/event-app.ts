import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { clouds } from '../../functions/sts.ts';
import { builtInAuthority } from '../../lib/app/built-in-authority.ts';
import { compose } from '../../lib/app/compose.ts';
import type { AppDeps } from '../../lib/app/deps.ts';
import { eventHandler } from '../../lib/app/event-handler.ts';
import { noDialect } from '../../lib/app/no-dialect.ts';
import { readConfig } from '../../lib/config/load.ts';
import { type AuditRecord, unlimitedAuditLog } from '../../lib/core/audit.ts';
import { Secret } from '../../lib/core/secret.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';
import { eventsIn, openReceiver } from './receiver.ts';

export const queueArn = 'arn:aws:sqs:eu-central-1:123456789012:requests';
export const role = 'arn:aws:iam::757501496869:role/demo';

let counter = 0;
export const request = (changes: object = {}, data: object = {}) => ({
  specversion: '1.0',
  id: `event-${++counter}`,
  source: '/etl/nightly',
  type: 'credmint.mint.requested',
  data: { operation: 'AssumeRole', roleArn: role, roleSessionName: 'nightly', recipient: 'queue', ...data },
  ...changes,
});

export const sqs = (...bodies: readonly unknown[]) => ({
  Records: bodies.map((body, index) => ({
    messageId: `message-${index}`,
    receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1545082649183' },
    messageAttributes: {},
    md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: 'eu-central-1',
  })),
});

/** Opens what the tests of one file send events to: a receiver of replies, a recipient's key pair and the function. */
export const openEvents = () => {
  let receiver: Awaited<ReturnType<typeof openReceiver>>;
  let privateKey: JWK;
  let publicKey: JWK;

  beforeAll(async () => {
    receiver = await openReceiver();
    const pair = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true });
    privateKey = await exportJWK(pair.privateKey);
    publicKey = { ...(await exportJWK(pair.publicKey)), kid: 'receiver' };
  });
  afterEach(() => {
    receiver.arrived.length = 0;
    receiver.state.failing = 0;
  });
  afterAll(() => receiver.close());

  /** A function that mints at the authority, with a queue that proves the caller `etl`. */
  const app = (changes: Partial<AppDeps> = {}, recipients: object = {}, mintRejects = { times: 0 }) => {
    const records: AuditRecord[] = [];
    const now = () => new Date();
    const config = readConfig(
      {
        accounts: { authority: { cloud: 'authority' } },
        callers: {
          etl: { accessKey: { id: 'AKIDETL', secret: 'env:S' } },
          other: { accessKey: { id: 'AKIDOTHER', secret: 'env:S' } },
        },
        grants: [
          {
            name: 'etl',
            callers: ['etl'],
            account: 'authority',
            operations: ['AssumeRole'],
            roles: ['arn:aws:iam::*:role/demo'],
          },
        ],
        authority: {
          keys: ['env:KEY'],
          accountIds: { aws: '757501496869' },
          roles: { demo: { trust: ['etl'] } },
        },
        events: {
          sources: {
            [queueArn]: 'etl',
            'ckafka:requests': 'etl',
            'timer:nightly': 'etl',
            'cos:inbox-125': 'etl',
            'eventbridge:123456789012': 'etl',
            'arn:aws:sns:eu-central-1:123456789012:requests': 'etl',
          },
          recipients: {
            queue: {
              jwk: 'env:JWK',
              callers: ['etl'],
              reply: { kind: 'sqs', queue: `${receiver.url}/123456789012/replies`, region: 'eu-central-1' },
            },
            bus: {
              jwk: 'env:JWK',
              callers: ['etl'],
              reply: { kind: 'eventbridge', bus: 'replies', region: 'eu-central-1', endpoint: receiver.url },
            },
            hook: {
              jwk: 'env:JWK',
              callers: ['etl'],
              reply: { kind: 'webhook', url: `${receiver.url}/hook`, secret: 'env:S' },
            },
            others: {
              jwk: 'env:JWK',
              callers: ['other'],
              reply: { kind: 'webhook', url: `${receiver.url}/hook`, secret: 'env:S' },
            },
            ...recipients,
          },
          deadLetter: { queue: `${receiver.url}/123456789012/dead`, region: 'eu-central-1' },
        },
      },
      { folder: '.', environment: { S: 'a secret of the test', KEY: 'k'.repeat(43), JWK: JSON.stringify(publicKey) } },
    );
    const appDeps: AppDeps = {
      store: memoryStore(now),
      transport: nodeTransport(),
      audit: unlimitedAuditLog(async (record) => {
        records.push(record);
      }),
      now,
      nonce: () => 1,
      ...changes,
    };
    const brokerDeps = compose({ dialects: [noDialect], clouds, authority: builtInAuthority(clouds) }, config, appDeps);
    const minted = { times: 0 };
    const counted = {
      ...brokerDeps,
      mint: {
        ...brokerDeps.mint,
        credentials: (...all: Parameters<typeof brokerDeps.mint.credentials>) => {
          minted.times++;
          if (mintRejects.times-- > 0) return Promise.reject(new Error('The process is about to die.'));
          return brokerDeps.mint.credentials(...all);
        },
      },
    };
    if (config.events === undefined) throw new Error('No events.');
    const handle = eventHandler(counted, config.events, appDeps, {
      kind: 'environment',
      cloud: 'aws',
      read: () => ({ id: 'AKIAROLE', secret: new Secret('role') }),
    });
    return {
      records,
      minted,
      ground: appDeps,
      handle: (document: unknown, invocation?: string) => handle(document, AbortSignal.timeout(60_000), invocation),
    };
  };

  return {
    app,
    types: () => eventsIn(receiver.arrived).map(({ type }) => type),
    get receiver() {
      return receiver;
    },
    get privateKey() {
      return privateKey;
    },
  };
};
