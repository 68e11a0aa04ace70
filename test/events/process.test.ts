import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clouds } from '../../functions/sts.ts';
import { builtInAuthority } from '../../lib/app/built-in-authority.ts';
import { compose } from '../../lib/app/compose.ts';
import type { AppDeps } from '../../lib/app/deps.ts';
import { eventHandler } from '../../lib/app/event-handler.ts';
import { noDialect } from '../../lib/app/no-dialect.ts';
import { readConfig } from '../../lib/config/load.ts';
import type { AuditRecord } from '../../lib/core/audit.ts';
import { Secret } from '../../lib/core/secret.ts';
import type { Store } from '../../lib/core/store.ts';
import { openReply } from '../../lib/delivery/open.ts';
import { readMintEvent } from '../../lib/events/cloud-event.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';
import { eventsIn, openReceiver } from '../support/receiver.ts';

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

const queueArn = 'arn:aws:sqs:eu-central-1:123456789012:requests';
const role = 'arn:aws:iam::757501496869:role/demo';

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
    audit: async (record) => {
      records.push(record);
    },
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
    handle: (document: unknown, invocation?: string) => handle(document, AbortSignal.timeout(10_000), invocation),
  };
};

let counter = 0;
const request = (changes: object = {}, data: object = {}) => ({
  specversion: '1.0',
  id: `event-${++counter}`,
  source: '/etl/nightly',
  type: 'credmint.mint.requested',
  data: { operation: 'AssumeRole', roleArn: role, roleSessionName: 'nightly', recipient: 'queue', ...data },
  ...changes,
});

const sqs = (...bodies: readonly unknown[]) => ({
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

const types = () => eventsIn(receiver.arrived).map(({ type }) => type);

describe('a mint request on a queue', () => {
  it('is answered with credentials that only its recipient can decrypt', async () => {
    const { handle, records } = app();
    expect(await handle(sqs(request()))).toEqual({ batchItemFailures: [] });
    const [reply] = eventsIn(receiver.arrived);
    expect(reply).toMatchObject({ type: 'credmint.mint.completed', data: { account: 'authority' } });
    const opened = await openReply(reply, privateKey);
    expect(reply).toMatchObject({ data: { accessKeyId: opened.credentials.accessKeyId } });
    expect(records.at(-1)).toMatchObject({
      outcome: 'Done',
      dialect: 'event',
      caller: 'etl',
      proof: 'event',
      grant: 'etl',
    });
  });

  it('puts no secret on the queue, and is decrypted by no other key', async () => {
    const { handle } = app();
    await handle(sqs(request()));
    const sent = JSON.stringify(receiver.arrived);
    const { credentials } = await openReply(eventsIn(receiver.arrived)[0], privateKey);
    expect(sent).not.toContain(credentials.secretAccessKey);
    expect(sent).not.toContain(credentials.sessionToken);
    const other = await exportJWK(
      (await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true })).privateKey,
    );
    await expect(openReply(eventsIn(receiver.arrived)[0], other)).rejects.toThrow();
  });

  it('delivered twice mints once', async () => {
    const { handle, minted } = app();
    const event = request();
    await handle(sqs(event));
    await handle(sqs(event, event));
    expect(minted.times).toBe(1);
    expect(types()).toEqual(['credmint.mint.completed']);
  });

  it('whose reply did not arrive is sent the same reply the next time, without minting again', async () => {
    const { handle, minted } = app();
    const event = request();
    receiver.state.failing = 2;
    expect(await handle(sqs(event))).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(await handle(sqs(event))).toEqual({ batchItemFailures: [] });
    expect(minted.times).toBe(1);
    expect(types()).toEqual(['credmint.mint.completed']);
  });

  it('cannot be used up by another sender that sends its id first', async () => {
    const { handle } = app();
    const event = request();
    await handle(sqs({ ...event, data: { ...event.data, token: 'a.b.c' } }));
    receiver.arrived.length = 0;
    await handle(sqs(event));
    expect(types()).toEqual(['credmint.mint.completed']);
  });

  it('whose reply did not arrive has it sent to no other recipient, even if another sender repeats the id', async () => {
    const { handle, minted } = app();
    const event = request();
    receiver.state.failing = 2;
    await handle(sqs(event));
    await handle(sqs({ ...event, data: { ...event.data, recipient: 'others', token: 'a.b.c' } }));
    expect(types()).not.toContain('credmint.mint.completed');
    receiver.arrived.length = 0;
    await handle(sqs(event));
    expect([minted.times, types()]).toEqual([1, ['credmint.mint.completed']]);
  });

  it.each(['constructor', 'prototype', '__proto__'])('loses no tag, not even one that is called %s', (name) => {
    const tags = JSON.parse(`{"${name}":"red"}`);
    expect(readMintEvent(request({}, { tags }))).toMatchObject({
      asked: { request: { tags: [{ key: name, value: 'red' }] } },
    });
  });

  it('is not answered if the store cannot keep the answer', async () => {
    const memory = memoryStore(() => new Date());
    const forgetful: Store = { ...memory, put: async () => false };
    const { handle } = app({ store: forgetful });
    expect(await handle(sqs(request()))).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(receiver.arrived).toEqual([]);
  });

  it('fails alone: the other messages of its batch are not delivered again', async () => {
    const { handle } = app({}, {}, { times: 1 });
    const answer = await handle(sqs(request(), request(), request()));
    expect(answer.batchItemFailures).toHaveLength(1);
    expect(types()).toEqual(['credmint.mint.completed', 'credmint.mint.completed']);
  });

  it('that no grant allows is answered with the reason, and acknowledged', async () => {
    const { handle, records } = app();
    expect(await handle(sqs(request({}, { roleArn: 'arn:aws:iam::757501496869:role/admin' })))).toEqual({
      batchItemFailures: [],
    });
    expect(eventsIn(receiver.arrived)[0]).toMatchObject({
      type: 'credmint.mint.refused',
      data: { code: 'AccessDenied', reason: 'RoleNotGranted' },
    });
    expect(records.at(-1)).toMatchObject({ outcome: 'AccessDenied' });
  });

  it.each([
    ['is not JSON', 'nonsense'],
    ['is another type of event', request({ type: 'something.else' })],
    ['has no id to answer to', request({ id: undefined })],
    ['names a recipient that is not known', request({}, { recipient: 'mallory' })],
    ['names the recipient of another caller', request({}, { recipient: 'others' })],
    ['comes with a token that proves nobody', request({}, { token: 'a.b.c' })],
  ])('that %s goes to the dead-letter queue with the reason, and nowhere else', async (_, body) => {
    const { handle, minted } = app();
    expect(await handle(sqs(body))).toEqual({ batchItemFailures: [] });
    expect(minted.times).toBe(0);
    expect(receiver.arrived).toHaveLength(1);
    const [{ body: sent }] = receiver.arrived as unknown as [
      { body: { QueueUrl: string; MessageAttributes: { reason: { StringValue: string } } } },
    ];
    expect(sent.QueueUrl).toMatch(/dead$/);
    expect(sent.MessageAttributes.reason.StringValue).not.toBe('');
  });

  it('is answered when it is put back from the dead-letter queue after its cause was mended', async () => {
    const refusing = app();
    await refusing.handle(sqs(request({}, { recipient: 'others' }), request({}, { recipient: 'later' })));
    const buried = receiver.arrived.map(({ body }) => (body as unknown as { MessageBody: string }).MessageBody);
    expect(buried).toHaveLength(2);
    receiver.arrived.length = 0;

    const reply = { kind: 'sqs', queue: `${receiver.url}/123456789012/replies`, region: 'eu-central-1' };
    const recipient = { jwk: 'env:JWK', callers: ['etl'], reply };
    const mended = app({ store: refusing.ground.store }, { others: recipient, later: recipient });
    expect(await mended.handle(sqs(...buried))).toEqual({ batchItemFailures: [] });
    const replies = receiver.arrived.map(({ body }) => body as unknown as { QueueUrl: string; MessageBody: string });
    expect(replies.map(({ QueueUrl }) => QueueUrl)).toEqual([reply.queue, reply.queue]);
    for (const { MessageBody } of replies) expect(JSON.parse(MessageBody).type).toBe('credmint.mint.completed');
  });

  it('is answered if it is the record of an invocation that failed, of which its queue is the origin', async () => {
    const { handle, minted } = app();
    const record = (requestPayload: object) => ({
      version: '1.0',
      timestamp: '2026-11-22T12:00:00.000Z',
      requestContext: {
        requestId: 'e4b46cbf-b738-4880-a196-3c6a7f3b1f5d',
        functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:mintOnEvent:$LATEST',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      requestPayload,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorMessage: 'The process is about to die.' },
    });
    expect(await handle(sqs(record(request())))).toEqual({ batchItemFailures: [] });
    expect(minted.times).toBe(1);

    const forged = sqs(
      record({
        Records: [{ EventSource: 'aws:sns', Sns: { TopicArn: queueArn, Message: JSON.stringify(request()) } }],
      }),
    );
    for (const one of forged.Records) one.eventSourceARN = 'arn:aws:sqs:eu-central-1:999999999999:requests';
    await handle(forged);
    expect(minted.times).toBe(1);
  });

  it.each([
    ['MissingParameter', 'data.roleArn', { roleArn: undefined }],
    ['InvalidParameter', 'data.durationSeconds', { durationSeconds: 'long' }],
    ['UnknownParameter', undefined, { surprise: 1 }],
  ])('that is wrong is answered to a known recipient with %s, which names %s', async (code, parameter, data) => {
    const { handle, records, minted } = app();
    expect(await handle(sqs(request({}, data)))).toEqual({ batchItemFailures: [] });
    const [reply] = eventsIn(receiver.arrived);
    expect(reply).toMatchObject({ type: 'credmint.mint.refused', data: { code } });
    expect(JSON.stringify(reply)).toContain(
      parameter === undefined ? 'data has a member' : `"parameter":"${parameter}"`,
    );
    expect(records).toMatchObject([{ outcome: code, caller: 'etl' }]);
    expect(minted.times).toBe(0);
  });

  it('that came before is recorded as already done', async () => {
    const { handle, records } = app();
    const event = request();
    await handle(sqs(event));
    await handle(sqs(event));
    expect(records.map(({ outcome }) => outcome)).toEqual(['Done', 'AlreadyDone']);
    expect(records[1]).toMatchObject({ dialect: 'event', operation: 'AssumeRole', role });
  });

  it('goes to the dead-letter queue without its token', async () => {
    const { handle } = app();
    await handle(sqs(request({}, { token: 'header.payload.signature' })));
    const deadLetters = JSON.stringify(receiver.arrived);
    expect(deadLetters).toContain('AssumeRole');
    expect(deadLetters).not.toContain('header.payload');
  });

  it('from a queue that proves no caller needs a token', async () => {
    const { handle } = app();
    const document = sqs(request());
    for (const record of document.Records) record.eventSourceARN = 'arn:aws:sqs:eu-central-1:999999999999:requests';
    await handle(document);
    expect(receiver.arrived.map(({ body }) => (body as { QueueUrl?: string }).QueueUrl)).toEqual([
      `${receiver.url}/123456789012/dead`,
    ]);
  });

  it('is not answered if its audit record cannot be written', async () => {
    const { handle } = app({ audit: () => Promise.reject(new Error('The disk is full.')) });
    expect((await handle(sqs(request()))).batchItemFailures).toHaveLength(1);
    expect(receiver.arrived).toEqual([]);
  });

  it('may be one of a thousand', async () => {
    const { handle, minted } = app();
    const events = Array.from({ length: 1000 }, () => request());
    expect(await handle(sqs(...events.reverse()))).toEqual({ batchItemFailures: [] });
    expect(minted.times).toBe(1000);
    expect(receiver.arrived).toHaveLength(1000);
  });
});

describe('a mint request', () => {
  it.each([
    [
      'EventBridge',
      (event: object) => ({
        version: '0',
        id: '6a7e8feb-b491',
        'detail-type': 'credmint.mint.requested',
        source: 'acme.etl',
        account: '123456789012',
        time: '2026-11-22T12:00:00Z',
        region: 'eu-central-1',
        resources: [],
        detail: event,
      }),
    ],
    [
      'SNS',
      (event: object) => ({
        Records: [
          {
            EventVersion: '1.0',
            EventSubscriptionArn: 'arn:aws:sns:eu-central-1:123456789012:requests:be0f',
            EventSource: 'aws:sns',
            Sns: {
              Type: 'Notification',
              MessageId: '95df01b4',
              TopicArn: 'arn:aws:sns:eu-central-1:123456789012:requests',
              Message: JSON.stringify(event),
              Timestamp: '2026-11-22T12:00:00Z',
            },
          },
        ],
      }),
    ],
    [
      'CKafka',
      (event: object) => ({
        Records: [
          { Ckafka: { topic: 'requests', partition: 1, offset: 36, msgKey: 'None', msgBody: JSON.stringify(event) } },
        ],
      }),
    ],
    [
      'a timer of SCF',
      (event: object) => ({
        Type: 'Timer',
        TriggerName: 'nightly',
        Time: '2026-11-22T12:00:00Z',
        Message: JSON.stringify(event),
      }),
    ],
    [
      'COS',
      (event: object) => ({
        Records: [
          {
            cos: {
              cosSchemaVersion: '1.0',
              cosObject: {
                url: 'http://inbox-125.cos.ap-guangzhou.myqcloud.com/a',
                meta: { 'x-cos-request-id': 'NWMx', 'Content-Type': '', 'x-cos-meta-credmint': JSON.stringify(event) },
                vid: '',
                key: '/125/inbox/a',
                size: 1029,
              },
              cosBucket: { region: 'gz', name: 'inbox-125', appid: '125' },
              cosNotificationId: 'unkown',
            },
            event: {
              eventName: 'cos:ObjectCreated:Post',
              eventVersion: '1.0',
              eventTime: 1501051465,
              eventSource: 'qcs::cos',
            },
          },
        ],
      }),
    ],
  ])('comes by %s as well', async (_, wrap) => {
    const { handle } = app();
    await handle(wrap(request()));
    expect(types()).toEqual(['credmint.mint.completed']);
  });

  it('is answered at each firing of a timer, whose message is always the same', async () => {
    const { handle, minted } = app();
    const firing = (time: string) => ({
      Type: 'Timer',
      TriggerName: 'nightly',
      Time: time,
      Message: JSON.stringify(request({ id: 'nightly' })),
    });
    await handle(firing('2026-11-22T12:00:00Z'));
    await handle(firing('2026-11-22T12:00:00Z'));
    await handle(firing('2026-11-23T12:00:00Z'));
    expect(minted.times).toBe(2);
    const ids = eventsIn(receiver.arrived).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  it('of a schedule that nobody vouches for is refused at each invocation, and again if it is put back', async () => {
    const { handle, minted } = app();
    const input = { ...request({ id: 'nightly' }), source: 'scheduler' };
    for (const invocation of ['one', 'one', 'two']) await handle(input, invocation);
    for (const time of ['2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z']) await handle({ ...input, time }, time);
    // A refusal is not remembered: what is put back after its cause was mended is looked at again.
    expect([minted.times, receiver.arrived.length]).toEqual([0, 5]);
  });

  it('is found where a topic or a bus put it on the queue', async () => {
    const { handle } = app();
    const byTopic = {
      Type: 'Notification',
      TopicArn: 'arn:aws:sns:eu-central-1:1:x',
      Message: JSON.stringify(request()),
    };
    const byBus = { version: '0', 'detail-type': 'credmint.mint.requested', source: 'acme', detail: request() };
    await handle(sqs(byTopic, byBus));
    expect(types()).toEqual(['credmint.mint.completed', 'credmint.mint.completed']);
  });

  it.each(['bus', 'hook'])('is answered at the %s, too', async (recipient) => {
    const { handle } = app();
    await handle(sqs(request({}, { recipient })));
    expect((await openReply(eventsIn(receiver.arrived)[0], privateKey)).account).toBe('authority');
    if (recipient === 'hook')
      expect(receiver.arrived[0]?.headers['credmint-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  });

  it('in a document of unknown shape is an error, so that it is not lost silently', async () => {
    const { handle } = app();
    await expect(handle({ hello: 'world' })).rejects.toThrow('no form that is known');
  });
});
