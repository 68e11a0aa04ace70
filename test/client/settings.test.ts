import { describe, expect, it } from 'vitest';
import type { Profile } from '../../lib/client/profile.ts';
import { clientSettings, type Environment, type Flags } from '../../lib/client/settings.ts';
import { clientErrorOf } from '../support/client.ts';

const profile: Profile = {
  server: 'https://profile.example',
  account: 'cos',
  role: 'profile-role',
  durationSeconds: 1800,
  proof: { token: 'file:/run/token' },
};

const settings = (given: { flags?: Flags; environment?: Environment; profile?: Profile }) =>
  clientSettings({ flags: {}, environment: {}, profile, user: 'ada', ...given });

describe('the settings of a client', () => {
  it('are those of the profile', () => {
    expect(settings({})).toEqual({
      server: new URL('https://profile.example'),
      question: { kind: 'role', account: 'cos', role: 'profile-role', sessionName: 'ada', durationSeconds: 1800 },
      proof: { token: 'file:/run/token' },
    });
  });

  it('are those of a variable before the profile, and of a flag before both', () => {
    const environment = { CREDMINT_URL: 'https://env.example', CREDMINT_ROLE: 'env-role', CREDMINT_ACCOUNT: 'env' };

    expect(settings({ environment })).toMatchObject({
      server: new URL('https://env.example'),
      question: { role: 'env-role', account: 'env' },
    });
    expect(settings({ environment, flags: { role: 'flag-role', server: 'https://flag.example' } })).toMatchObject({
      server: new URL('https://flag.example'),
      question: { role: 'flag-role', account: 'env' },
    });
  });

  it('ask for a lease if a stronger source names one, whatever the profile says', () => {
    expect(settings({ flags: { lease: 'demo' } }).question).toEqual({ kind: 'lease', lease: 'demo' });
  });

  it('name a session so that every cloud takes it', () => {
    const named = clientSettings({ flags: {}, environment: {}, profile, user: 'CORP\\Ada Lovelace' });

    expect(named.question).toMatchObject({ sessionName: 'CORP-Ada-Lovelace' });
  });

  it.each([
    ['a token', { CREDMINT_TOKEN: 't' }, { token: 'env:CREDMINT_TOKEN' }],
    ['a file', { CREDMINT_TOKEN_FILE: '/t' }, { token: 'file:/t' }],
    ['a key', { CREDMINT_KEY: 'AK' }, { accessKey: { id: 'AK', secret: 'env:CREDMINT_SECRET' } }],
    ['GitHub', { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://g' }, { github: { audience: 'credmint' } }],
    ['GitLab', { CREDMINT_ID_TOKEN: 't' }, { gitlab: { variable: 'CREDMINT_ID_TOKEN' } }],
  ])('find the proof of %s in the environment', (_, environment, proof) => {
    const { proof: __, ...bare } = profile;

    expect(settings({ environment, profile: bare }).proof).toEqual(proof);
  });

  it.each([
    ['no server', { profile: { role: 'r', proof: { token: 'env:T' } } }, /No server/],
    ['a server without TLS', { flags: { server: 'http://credmint.example.com' } }, /https/],
    ['a server with a password', { flags: { server: 'https://a:b@credmint.example.com' } }, /not a URL/],
    ['nothing asked for', { profile: { server: 'https://s', proof: { token: 'env:T' } } }, /Nothing is asked for/],
    ['two things asked for', { flags: { role: 'r', lease: 'l' } }, /Only one/],
    ['a strange duration', { flags: { duration: '1h' } }, /whole number/],
    ['no proof', { profile: { server: 'https://s', role: 'r' } }, /proves who you are/],
  ])('are refused with %s', async (_, given, message) => {
    const error = await clientErrorOf(() => settings(given));

    expect(error.fault).toBe('usage');
    expect(error.message).toMatch(message);
  });

  it('let a server on this machine do without TLS', () => {
    expect(settings({ flags: { server: 'http://127.0.0.1:3000' } }).server.port).toBe('3000');
  });
});
