import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../lib/config/load.ts';
import { configFaults } from '../../support/expect-refusal.ts';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const environment = {
  JWK: JSON.stringify(pair.publicKey.export({ format: 'jwk' })),
  PRIVATE: JSON.stringify(pair.privateKey.export({ format: 'jwk' })),
  RSA: '{"kty":"RSA","n":"AQAB","e":"AQAB"}',
  HOOK: 'secret',
};
const recipient = { jwk: 'env:JWK', callers: ['ci'], reply: { kind: 'webhook', url: 'https://h', secret: 'env:HOOK' } };
const callers = { ci: {} };
const faultsOf = (events: object) =>
  configFaults(() => readConfig({ callers, events }, { folder: '/nowhere', environment }));

describe('the events section', () => {
  it('names origins and recipients of callers that exist', () => {
    expect(faultsOf({ sources: { 'timer:nightly': 'ci' }, recipients: { them: recipient } })).toEqual([]);
    expect(
      faultsOf({ sources: { 'timer:nightly': 'cd' }, recipients: { them: { ...recipient, callers: ['x'] } } }),
    ).toEqual([
      'events.sources.timer:nightly: names cd, which is not a caller',
      'events.recipients.them.callers: names x, which is not a caller',
    ]);
  });

  it.each([
    ['env:RSA', 'must refer to a JSON Web Key on one of P-256, P-384, P-521, X25519'],
    ['env:HOOK', 'must refer to a JSON Web Key on one of P-256, P-384, P-521, X25519'],
    ['env:PRIVATE', 'must refer to a public key: the private half belongs to the recipient alone'],
  ])('takes no key but a public one of a curve: %s', (jwk, why) => {
    expect(faultsOf({ recipients: { them: { ...recipient, jwk } } })).toEqual([`events.recipients.them.jwk: ${why}`]);
  });

  it('follows the secret of a webhook', () => {
    const reply = { ...recipient.reply, secret: 'env:NO' };
    expect(faultsOf({ recipients: { them: { ...recipient, reply } } })).toEqual([
      'events.recipients.them.reply.secret: refers to env:NO, which is missing or empty',
    ]);
  });
});
