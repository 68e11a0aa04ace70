import { describe, expect, it } from 'vitest';
import { oauth } from '../../lib/clouds/oauth/dialect.ts';
import { StsError } from '../../lib/core/errors.ts';

// A token exchange says what is to be taken away, and is given all of it.

const asked = (more: Readonly<Record<string, string>>, written = '') =>
  oauth.parse({
    request: {
      method: 'POST',
      scheme: 'https',
      host: 'x.example',
      path: '/token',
      query: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: 'a.b.c',
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        ...more,
      })
        .toString()
        .concat(written),
    },
    requestId: 'request',
    now: new Date(0),
  });

const refusalOf = (more: Readonly<Record<string, string>>) => {
  try {
    asked(more);
  } catch (thrown) {
    const error = StsError.from(thrown);
    const { body } = oauth.renderError(error, {} as never);
    return [error.detail.parameter, (JSON.parse(body) as { error: string }).error];
  }
  return undefined;
};

describe('a token exchange whose names are escaped', () => {
  it('asks for the audiences that they say, in their order', () => {
    expect(asked({ audience: 'https://a.example' }, '&audienc%65=https://b.example').request).toMatchObject({
      audiences: ['https://a.example', 'https://b.example'],
    });
  });

  it.each(['audience.0', 'audience%2e1', 'resource.0'])('cannot number them itself: %s', (name) => {
    expect(() => asked({ audience: 'https://a.example' }, `&${name}=https://b.example`)).toThrow(
      'The parameters cannot be read: a name ends in a number.',
    );
  });
});

describe('a token exchange that asks for less than all', () => {
  const token = { audience: 'https://a.example' };
  const credentials = {
    requested_token_type: 'urn:credmint:params:oauth:token-type:credentials',
    resource: 'arn:aws:iam::123456789012:role/app',
  };

  it('is refused, since neither a scope nor a policy is known here', () => {
    expect(refusalOf({ ...token, scope: 'read' })).toEqual(['scope', 'invalid_scope']);
    expect(refusalOf({ ...credentials, scope: 'read' })).toEqual(['scope', 'invalid_scope']);
    expect(refusalOf({ ...credentials, policy: '{"Statement":[]}' })).toEqual(['policy', 'invalid_request']);
    expect(refusalOf({ ...credentials, policy: '' })).toEqual(['policy', 'invalid_request']);
    const details = { authorization_details: '[{"type":"role","actions":["read"]}]' };
    expect(refusalOf({ ...token, ...details })).toEqual(['authorization_details', 'invalid_request']);
    expect(() => asked(token, '&sc%6fpe=read')).toThrow('There is no scope here.');
  });

  it.each([
    'Policy',
    'PolicyArns.member.1.arn',
    'policy_ids[0]',
    'session_policy',
    'SCOPE',
    'options',
    'Tags.member.1.Key',
    'DurationSeconds',
    'duration-seconds',
    'expires_in',
    'lifetime',
  ])('is refused in the words of another system: %s', (name) => {
    const refusal = [name.replace(/[.[].*/, ''), 'invalid_request'];
    expect(refusalOf({ ...token, [name]: 'x' })).toEqual(refusal);
    expect(refusalOf({ ...credentials, [name]: 'x' })).toEqual(refusal);
  });

  it('is read as any other if it only seems to, and what else is unknown is ignored (RFC 6749, 3.2)', () => {
    expect(asked({ ...token, scope: '' }).request.operation).toBe('IssueToken');
    expect(asked({ ...token, client_id: 'ci' }).request.operation).toBe('IssueToken');
    expect(asked({ ...token, duration_seconds: '300' }).request).toMatchObject({ durationSeconds: 300 });
  });
});
