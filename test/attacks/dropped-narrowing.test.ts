import { describe, expect, it } from 'vitest';
import { oauth } from '../../lib/clouds/oauth/dialect.ts';
import { StsError } from '../../lib/core/errors.ts';
import { refusalCode } from '../support/expect-refusal.ts';

// A token exchange says what is to be taken away, and is given all of it.

const exchange = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token: 'a.b.c',
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
};

const parse = (body: string) =>
  oauth.parse({
    request: {
      method: 'POST',
      scheme: 'https',
      host: 'x.example',
      path: '/token',
      query: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    },
    requestId: 'request',
    now: new Date(0),
  });

const asked = (more: Readonly<Record<string, string>>) =>
  parse(new URLSearchParams({ ...exchange, ...more }).toString());

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
  });

  it('is refused if it says so in escaped names, which would be passed over', () => {
    const escaped = (body: string) => refusalCode(() => parse(`${body}&${new URLSearchParams(exchange).toString()}`));
    expect(escaped('sc%6fpe=read&audience=a')).toBe('UnknownParameter');
    expect(escaped('audienc%65=b&audience=a')).toBe('InvalidRequest');
    expect(escaped('%72esource=b&resource=a')).toBe('InvalidRequest');
    expect(escaped('audience=b&audience=a')).toBe('none');
  });

  it('is read as any other if it only seems to, and what else is unknown is ignored (RFC 6749, 3.2)', () => {
    expect(asked({ ...token, scope: '' }).request.operation).toBe('IssueToken');
    expect(asked({ ...token, client_id: 'ci' }).request.operation).toBe('IssueToken');
  });
});
