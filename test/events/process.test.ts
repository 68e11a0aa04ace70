import { exportJWK, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { tracedTransport } from '../../lib/app/traced-transport.ts';
import { type AuditRecord, unlimitedAuditLog } from '../../lib/core/audit.ts';
import type { Store } from '../../lib/core/store.ts';
import { openReply } from '../../lib/delivery/open.ts';
import { readMintEvent } from '../../lib/events/cloud-event.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { tracedAudit } from '../../lib/telemetry/traced-audit.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';
import { openEvents, queueArn, request, role, sqs } from '../support/event-app.ts';
import { eventsIn } from '../support/receiver.ts';

const events = openEvents();

describe('a mint request on a queue', () => {
  it('is answered with credentials that only its recipient can decrypt', async () => {
    const { handle, records } = events.app();
    expect(await handle(sqs(request()))).toEqual({ batchItemFailures: [] });
    const [reply] = eventsIn(events.receiver.arrived);
    expect(reply).toMatchObject({ type: 'credmint.mint.completed', data: { account: 'authority' } });
    const opened = await openReply(reply, events.privateKey);
    expect(reply).toMatchObject({ data: { accessKeyId: opened.credentials.accessKeyId } });
    expect(records.at(-1)).toMatchObject({
      outcome: 'Done',
      dialect: 'event',
      caller: 'etl',
      proof: 'event',
      grant: 'etl',
    });
  });

  it('is of the trace that it names: its record, and the calls that are made for it', async () => {
    const traced: AuditRecord[] = [];
    const audit = tracedAudit(
      unlimitedAuditLog(async (record) => {
        traced.push(record);
      }),
    );
    const { handle } = events.app({ audit, transport: tracedTransport(nodeTransport()) });
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
    await handle(sqs(request({ traceparent }), request({ traceparent: 'no trace' })));
    expect(traced.map((record) => record.traceId).sort()).toEqual([traceId, undefined]);
    const sent = events.receiver.arrived.map(({ headers }) => headers['traceparent']);
    expect(sent.sort()).toEqual([traceparent, undefined]);
  });

  it('puts no secret on the queue, and is decrypted by no other key', async () => {
    const { handle } = events.app();
    await handle(sqs(request()));
    const sent = JSON.stringify(events.receiver.arrived);
    const { credentials } = await openReply(eventsIn(events.receiver.arrived)[0], events.privateKey);
    expect(sent).not.toContain(credentials.secretAccessKey);
    expect(sent).not.toContain(credentials.sessionToken);
    const other = await exportJWK(
      (await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true })).privateKey,
    );
    await expect(openReply(eventsIn(events.receiver.arrived)[0], other)).rejects.toThrow();
  });

  it('delivered twice mints once', async () => {
    const { handle, minted } = events.app();
    const event = request();
    await handle(sqs(event));
    await handle(sqs(event, event));
    expect(minted.times).toBe(1);
    expect(events.types()).toEqual(['credmint.mint.completed']);
  });

  it('whose reply did not arrive is sent the same reply the next time, without minting again', async () => {
    const { handle, minted } = events.app();
    const event = request();
    events.receiver.state.failing = 2;
    expect(await handle(sqs(event))).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(await handle(sqs(event))).toEqual({ batchItemFailures: [] });
    expect(minted.times).toBe(1);
    expect(events.types()).toEqual(['credmint.mint.completed']);
  });

  it('cannot be used up by another sender that sends its id first', async () => {
    const { handle } = events.app();
    const event = request();
    await handle(sqs({ ...event, data: { ...event.data, token: 'a.b.c' } }));
    events.receiver.arrived.length = 0;
    await handle(sqs(event));
    expect(events.types()).toEqual(['credmint.mint.completed']);
  });

  it('whose reply did not arrive has it sent to no other recipient, even if another sender repeats the id', async () => {
    const { handle, minted } = events.app();
    const event = request();
    events.receiver.state.failing = 2;
    await handle(sqs(event));
    await handle(sqs({ ...event, data: { ...event.data, recipient: 'others', token: 'a.b.c' } }));
    expect(events.types()).not.toContain('credmint.mint.completed');
    events.receiver.arrived.length = 0;
    await handle(sqs(event));
    expect([minted.times, events.types()]).toEqual([1, ['credmint.mint.completed']]);
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
    const { handle } = events.app({ store: forgetful });
    expect(await handle(sqs(request()))).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(events.receiver.arrived).toEqual([]);
  });

  it('fails alone: the other messages of its batch are not delivered again', async () => {
    const { handle } = events.app({}, {}, { times: 1 });
    const answer = await handle(sqs(request(), request(), request()));
    expect(answer.batchItemFailures).toHaveLength(1);
    expect(events.types()).toEqual(['credmint.mint.completed', 'credmint.mint.completed']);
  });

  it('that no grant allows is answered with the reason, and acknowledged', async () => {
    const { handle, records } = events.app();
    expect(await handle(sqs(request({}, { roleArn: 'arn:aws:iam::757501496869:role/admin' })))).toEqual({
      batchItemFailures: [],
    });
    expect(eventsIn(events.receiver.arrived)[0]).toMatchObject({
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
    const { handle, minted } = events.app();
    expect(await handle(sqs(body))).toEqual({ batchItemFailures: [] });
    expect(minted.times).toBe(0);
    expect(events.receiver.arrived).toHaveLength(1);
    const [{ body: sent }] = events.receiver.arrived as unknown as [
      { body: { QueueUrl: string; MessageAttributes: { reason: { StringValue: string } } } },
    ];
    expect(sent.QueueUrl).toMatch(/dead$/);
    expect(sent.MessageAttributes.reason.StringValue).not.toBe('');
  });

  it('is answered when it is put back from the dead-letter queue after its cause was mended', async () => {
    const refusing = events.app();
    await refusing.handle(sqs(request({}, { recipient: 'others' }), request({}, { recipient: 'later' })));
    const buried = events.receiver.arrived.map(({ body }) => (body as unknown as { MessageBody: string }).MessageBody);
    expect(buried).toHaveLength(2);
    events.receiver.arrived.length = 0;

    const reply = { kind: 'sqs', queue: `${events.receiver.url}/123456789012/replies`, region: 'eu-central-1' };
    const recipient = { jwk: 'env:JWK', callers: ['etl'], reply };
    const mended = events.app({ store: refusing.ground.store }, { others: recipient, later: recipient });
    expect(await mended.handle(sqs(...buried))).toEqual({ batchItemFailures: [] });
    const replies = events.receiver.arrived.map(
      ({ body }) => body as unknown as { QueueUrl: string; MessageBody: string },
    );
    expect(replies.map(({ QueueUrl }) => QueueUrl)).toEqual([reply.queue, reply.queue]);
    for (const { MessageBody } of replies) expect(JSON.parse(MessageBody).type).toBe('credmint.mint.completed');
  });

  it('is answered if it is the record of an invocation that failed, of which its queue is the origin', async () => {
    const { handle, minted } = events.app();
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
    const { handle, records, minted } = events.app();
    expect(await handle(sqs(request({}, data)))).toEqual({ batchItemFailures: [] });
    const [reply] = eventsIn(events.receiver.arrived);
    expect(reply).toMatchObject({ type: 'credmint.mint.refused', data: { code } });
    expect(JSON.stringify(reply)).toContain(
      parameter === undefined ? 'data has a member' : `"parameter":"${parameter}"`,
    );
    expect(records).toMatchObject([{ outcome: code, caller: 'etl' }]);
    expect(minted.times).toBe(0);
  });

  it('that came before is recorded as already done', async () => {
    const { handle, records } = events.app();
    const event = request();
    await handle(sqs(event));
    await handle(sqs(event));
    expect(records.map(({ outcome }) => outcome)).toEqual(['Done', 'AlreadyDone']);
    expect(records[1]).toMatchObject({ dialect: 'event', operation: 'AssumeRole', role, event: event.id });
  });

  it('goes to the dead-letter queue without its token', async () => {
    const { handle } = events.app();
    await handle(sqs(request({}, { token: 'header.payload.signature' })));
    const deadLetters = JSON.stringify(events.receiver.arrived);
    expect(deadLetters).toContain('AssumeRole');
    expect(deadLetters).not.toContain('header.payload');
  });

  it('from a queue that proves no caller needs a token', async () => {
    const { handle } = events.app();
    const document = sqs(request());
    for (const record of document.Records) record.eventSourceARN = 'arn:aws:sqs:eu-central-1:999999999999:requests';
    await handle(document);
    expect(events.receiver.arrived.map(({ body }) => (body as { QueueUrl?: string }).QueueUrl)).toEqual([
      `${events.receiver.url}/123456789012/dead`,
    ]);
  });

  it('is not answered if its audit record cannot be written', async () => {
    const { handle } = events.app({ audit: unlimitedAuditLog(() => Promise.reject(new Error('The disk is full.'))) });
    expect((await handle(sqs(request()))).batchItemFailures).toHaveLength(1);
    expect(events.receiver.arrived).toEqual([]);
  });

  it('may be one of a thousand', async () => {
    const { handle, minted } = events.app();
    const thousand = Array.from({ length: 1000 }, () => request());
    expect(await handle(sqs(...thousand.reverse()))).toEqual({ batchItemFailures: [] });
    expect(minted.times).toBe(1000);
    expect(events.receiver.arrived).toHaveLength(1000);
  });
});
