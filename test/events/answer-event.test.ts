import { describe, expect, it } from 'vitest';
import { openReply } from '../../lib/delivery/open.ts';
import { openEvents, request, sqs } from '../support/event-app.ts';
import { eventsIn } from '../support/receiver.ts';

const events = openEvents();

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
    const { handle } = events.app();
    await handle(wrap(request()));
    expect(events.types()).toEqual(['credmint.mint.completed']);
  });

  it('is answered at each firing of a timer, whose message is always the same', async () => {
    const { handle, minted } = events.app();
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
    const ids = eventsIn(events.receiver.arrived).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  it('of a schedule that nobody vouches for is refused at each invocation, and again if it is put back', async () => {
    const { handle, minted } = events.app();
    const input = { ...request({ id: 'nightly' }), source: 'scheduler' };
    for (const invocation of ['one', 'one', 'two']) await handle(input, invocation);
    for (const time of ['2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z']) await handle({ ...input, time }, time);
    // A refusal is not remembered: what is put back after its cause was mended is looked at again.
    expect([minted.times, events.receiver.arrived.length]).toEqual([0, 5]);
  });

  it('is found where a topic or a bus put it on the queue', async () => {
    const { handle } = events.app();
    const byTopic = {
      Type: 'Notification',
      TopicArn: 'arn:aws:sns:eu-central-1:1:x',
      Message: JSON.stringify(request()),
    };
    const byBus = { version: '0', 'detail-type': 'credmint.mint.requested', source: 'acme', detail: request() };
    await handle(sqs(byTopic, byBus));
    expect(events.types()).toEqual(['credmint.mint.completed', 'credmint.mint.completed']);
  });

  it.each(['bus', 'hook'])('is answered at the %s, too', async (recipient) => {
    const { handle } = events.app();
    await handle(sqs(request({}, { recipient })));
    expect((await openReply(eventsIn(events.receiver.arrived)[0], events.privateKey)).account).toBe('authority');
    if (recipient === 'hook')
      expect(events.receiver.arrived[0]?.headers['credmint-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  });

  it('in a document of unknown shape is an error, so that it is not lost silently', async () => {
    const { handle } = events.app();
    await expect(handle({ hello: 'world' })).rejects.toThrow('no form that is known');
  });
});
