import { describe, expect, it } from 'vitest';
import { clouds } from '../../lib/clouds/dialects.ts';
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

describe('a request of a cloud that asks for less in words that its operation does not have', () => {
  const codeOf = (id: string, path: string, said: Readonly<Record<string, string>>) => {
    const request = {
      method: 'POST',
      scheme: 'https',
      host: 'x.example',
      path,
      query: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(said).toString(),
    } as const;
    try {
      clouds.find((cloud) => cloud.id === id)?.dialect.parse({ request, requestId: 'request', now: new Date(0) });
      return 'none';
    } catch (thrown) {
      return StsError.from(thrown).code;
    }
  };
  const version = '2011-06-15';
  const asked = {
    AssumeRole: { RoleArn: 'arn:aws:iam::123456789012:role/app', RoleSessionName: 'me' },
    AssumeRoleWithWebIdentity: {
      RoleArn: 'arn:aws:iam::123456789012:role/app',
      RoleSessionName: 'me',
      WebIdentityToken: 'a.b.c',
    },
    GetFederationToken: { Name: 'me' },
    GetSessionToken: {},
  } as const;

  it.each([
    ['GetSessionToken', 'Policy'],
    ['GetSessionToken', 'PolicyArns.member.1.arn'],
    ['GetSessionToken', 'Tags.member.1.Key'],
    ['AssumeRole', 'policy'],
    ['AssumeRole', 'InlineSessionPolicy'],
    ['AssumeRole', 'SessionPolicy'],
    ['AssumeRole', 'PolicyArns.1.arn'],
    ['AssumeRole', 'Tags.entry.1.Key'],
    ['AssumeRole', 'ProvidedContexts.member.1.ProviderArn'],
    ['AssumeRole', 'durationSeconds'],
    ['AssumeRole', 'ExternalID'],
    ['AssumeRoleWithWebIdentity', 'Tags.member.1.Key'],
    ['AssumeRoleWithWebIdentity', 'SourceIdentity'],
    ['GetFederationToken', 'ExternalId'],
    ['GetFederationToken', 'TransitiveTagKeys.member.1'],
  ] as const)('is refused: %s with %s, in the words of AWS', (operation, name) => {
    const plain = { Action: operation, Version: version, ...asked[operation] };
    expect(codeOf('aws', '/', plain)).toBe('none');
    expect(codeOf('aws', '/', { ...plain, [name]: 'x' })).toBe('UnknownParameter');
  });

  it('is answered if what is unknown takes nothing away, as AWS does it', () => {
    const plain = { Action: 'AssumeRole', Version: version, ...asked.AssumeRole };
    expect(codeOf('aws', '/', { ...plain, TokenRevokeType: 'x' })).toBe('none');
    expect(codeOf('aws', '/', { Action: 'GetCallerIdentity', Version: version, DurationSeconds: '900' })).toBe('none');
  });

  it.each(['DurationSeconds', 'sourceIdentity', 'tags.0.key', 'sessionPolicy', 'externalId'])(
    'is refused: AssumeRole with %s, in those of Tencent Cloud API 2.0',
    (name) => {
      const plain = { Action: 'AssumeRole', roleArn: 'qcs::cam::uin/1:roleName/app', roleSessionName: 'me' };
      expect(codeOf('tencent-v2', '/v2/index.php', plain)).toBe('none');
      expect(codeOf('tencent-v2', '/v2/index.php', { ...plain, [name]: 'x' })).toBe('UnknownParameter');
    },
  );
});
