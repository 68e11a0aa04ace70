import { describe, expect, it } from 'vitest';
import { readMintEvent } from '../../lib/events/cloud-event.ts';

const asked = {
  operation: 'AssumeRole',
  roleArn: 'arn:aws:iam::123456789012:role/nightly',
  roleSessionName: 'nightly',
  recipient: 'etl',
};
const event = (changes: object = {}, data: object = {}) => ({
  specversion: '1.0',
  id: 'nightly-1',
  source: '/etl/nightly',
  type: 'credmint.mint.requested',
  data: { ...asked, ...data },
  ...changes,
});
const plain = { request: { operation: 'AssumeRole', role: asked.roleArn, sessionName: 'nightly' } };
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

describe('a mint request as a CloudEvent', () => {
  it.each([
    ['a media type with a parameter', event({ datacontenttype: 'application/json; charset=utf-8' })],
    ['a media type in capitals', event({ datacontenttype: 'Application/JSON' })],
    ['a format that is JSON', event({ datacontenttype: 'application/vnd.acme+json' })],
    ['its data in base64', event({ data: undefined, data_base64: base64(asked) })],
    ['a time with an offset', event({ time: '2026-11-22T12:00:00.123456789+05:30' })],
    ['a time in small letters', event({ time: '2026-11-22t12:00:00z' })],
    ['a leap second', event({ time: '2016-12-31T23:59:60Z' })],
    [
      'nothing where it may leave out',
      event({ time: null, datacontenttype: null }, { policy: null, account: null, tags: null }),
    ],
    [
      'nothing in base64 where it may leave out',
      event({ data: undefined, data_base64: base64({ ...asked, token: null }) }),
    ],
    ['a byte order mark before it', `\ufeff${JSON.stringify(event())}`],
    [
      'one before its data',
      event({ data: undefined, data_base64: Buffer.from(`\ufeff${JSON.stringify(asked)}`).toString('base64') }),
    ],
    [
      'extension attributes',
      event({ traceparent: '00-1-2-01', subject: 'nightly', dataschema: 'https://acme.example/s' }),
    ],
    ['a time of no whole microsecond', event({ time: '2026-11-22T12:00:00.1234567890123Z' })],
    ['a leap second of another zone', event({ time: '2017-01-01T05:29:60.5+05:30' })],
    ['a duration as text', event({}, { durationSeconds: '900' })],
    ['a token as a file holds it', event({}, { token: 'a.b.c\n' })],
  ])('may have %s', (_what, value) => {
    expect(readMintEvent(value)).toMatchObject({ id: 'nightly-1', recipient: 'etl', asked: plain });
    const read = readMintEvent(value);
    if ('token' in read) expect(read.token?.reveal()).toBe('a.b.c');
  });

  it.each([
    ['MissingParameter', 'specversion', event({ specversion: undefined })],
    ['InvalidParameter', 'specversion', event({ specversion: '0.3' })],
    ['InvalidParameter', 'time', event({ time: 'yesterday' })],
    ['InvalidParameter', 'datacontenttype', event({ datacontenttype: 'text/xml' })],
    ['MissingParameter', 'data.roleArn', event({}, { roleArn: undefined })],
    ['InvalidParameter', 'data.operation', event({}, { operation: 'Login' })],
    ['InvalidParameter', 'data.roleSessionName', event({}, { roleSessionName: 'a b' })],
    ['InvalidParameter', 'data.policy', event({}, { policy: [] })],
    ['InvalidParameter', 'data.tags', event({}, { tags: { topsecret: 1 } })],
    ['UnknownParameter', undefined, event({}, { topsecret: 1 })],
  ])('that is wrong says so by %s, and names %s', (code, parameter, value) => {
    const read = readMintEvent(value);
    expect(read).toMatchObject({ id: 'nightly-1', recipient: 'etl', asked: { fault: { code } } });
    const fault = 'asked' in read && 'fault' in read.asked ? read.asked.fault : undefined;
    expect(fault?.detail.parameter).toBe(parameter);
    expect(fault?.message).not.toContain('topsecret');
  });

  it.each([
    ['The message is not a JSON object.', 'nonsense'],
    ['type must be credmint.mint.requested.', event({ type: 'another' })],
    ['id is missing.', event({ id: undefined })],
    ['source is not what it must be.', event({ source: '' })],
    ['data.recipient is missing.', event({}, { recipient: undefined })],
    ['The event has data and data_base64, which could say two things.', event({ data_base64: base64(asked) })],
  ])('for whom no answer can be meant says why: %s', (unreadable, value) => {
    expect(readMintEvent(value)).toEqual({ unreadable });
  });
});

it('an event that a platform has read, and that nests without end, is unreadable', () => {
  let policy: object = {};
  for (let level = 0; level < 100_000; level++) policy = { policy };
  expect(readMintEvent({ type: 'credmint.mint.requested', data: { policy } })).toEqual({
    unreadable: 'The message nests too deep.',
  });
});
