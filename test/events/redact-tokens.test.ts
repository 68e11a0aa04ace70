import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactTokens } from '../../lib/events/redact-tokens.ts';
import { newKey, tokenOf } from '../support/token-issuer.ts';

const token = tokenOf(newKey('ES256'));
const opaque = 'an-opaque-token-of-nobody';

const data = (changes: object = {}) => ({
  operation: 'AssumeRole',
  roleArn: 'arn:aws:iam::123456789012:role/demo',
  roleSessionName: 'etl-7',
  policy: { Version: '2012-10-17', Statement: [] },
  recipient: 'etl',
  ...changes,
});
const event = (changes: object = {}, more: object = {}) => ({
  specversion: '1.0',
  id: 'event 7',
  source: '//etl',
  type: 'credmint.mint.requested',
  data: data(changes),
  ...more,
});
const json = JSON.stringify;
const base64 = (value: unknown): string => Buffer.from(json(value)).toString('base64');

describe('what is buried of a mint request', () => {
  it('is all that was understood, but for its token', () => {
    expect(redactTokens(event({ token }))).toEqual(event());
  });

  it.each<[string, (secret: string) => unknown]>([
    ['as an object', (secret) => event({ token: secret })],
    ['as JSON text', (secret) => json(event({ token: secret }))],
    ['as JSON text in JSON text', (secret) => json(json(event({ token: secret })))],
    ['as JSON in base64', (secret) => base64(event({ token: secret }))],
    ['with its data as text', (secret) => event({}, { data: json(data({ token: secret })) })],
    ['with its data as text in text', (secret) => event({}, { data: json(json(data({ token: secret }))) })],
    [
      'with its data in base64',
      (secret) => event({}, { data: undefined, data_base64: base64(data({ token: secret })) }),
    ],
    ['in a notification of SNS', (secret) => ({ Type: 'Notification', Message: json(event({ token: secret })) })],
    [
      'in a notification in a notification',
      (secret) => json({ Message: json({ TopicArn: 'arn', Message: json(event({ token: secret })) }) }),
    ],
    ['in an event of a bus', (secret) => json({ 'detail-type': 'x', detail: event({ token: secret }) })],
  ])('is the same %s', (_name, wrap) => {
    for (const secret of [token, opaque]) expect(redactTokens(wrap(secret))).toEqual(event());
  });

  it.each<[string, object]>([
    ['under another name', { idToken: token }],
    ['under another name, opaque', { password: opaque }],
    ['in an object', { token: { value: opaque } }],
    ['in a list', { token: [opaque] }],
  ])('does not hold a token %s', (_name, changes) => {
    expect(redactTokens(event(changes))).toEqual(event());
  });

  it.each<[string, unknown]>([
    ['in an attribute', event({}, { source: `//etl?jwt=${token}` })],
    ['in a policy', event({ policy: { Statement: [{ Sid: token, [token]: 1 }] } })],
    ['in a policy as text', event({ policy: json({ Statement: [{ Sid: token }] }) })],
    ['in base64', event({ policy: base64({ Statement: [{ Sid: token }] }) })],
    ['with escaped points', event({ roleSessionName: token.replaceAll('.', '%2E') })],
    ['in a tag', event({ tags: { token } })],
  ])('does not hold a JWT %s', (_name, content) => {
    const buried = json(redactTokens(content));
    for (const part of [...token.split('.'), Buffer.from(token).toString('base64').slice(20, 60)]) {
      expect(buried).not.toContain(part);
    }
    expect(buried).toContain('etl');
  });
});

describe('what is buried of a message that was not understood', () => {
  it('is its size and its digest', () => {
    expect(redactTokens('nonsense')).toEqual({
      unreadable: { characters: 8, sha256: '999aaa8645bb72ff599e143b1e3d2a94777127f4783a69f067251f7bbebc5ab6' },
    });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['text', `token=${token}`],
    ['an object', { token, idToken: opaque }],
    ['a list', [token, { opaque }]],
    ['JSON that is broken', json(event({ token, opaque })).slice(0, -1)],
    [
      'an event below all measure',
      Array.from({ length: 20 }).reduce<unknown>((Message) => ({ Message }), event({ token })),
    ],
  ])('never holds a token: %s', (_name, content) => {
    const buried = json(redactTokens(content));
    expect(buried).toMatch(/^\{"unreadable":\{"characters":\d+,"sha256":"[0-9a-f]{64}"\}\}$/);
  });

  it('is something whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.json(), fc.json().map(base64)), (content) => {
        // What arrives was read from JSON.
        const arrived = (() => {
          try {
            return JSON.parse(json(content) ?? 'null') as unknown;
          } catch {
            return null;
          }
        })();
        expect(redactTokens(arrived)).toBeTypeOf('object');
      }),
    );
  });
});
