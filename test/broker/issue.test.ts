import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditRecord, unlimitedAuditLog } from '../../lib/core/audit.ts';
import type { DenialReason } from '../../lib/core/denial.ts';
import { StsError, type StsErrorCode } from '../../lib/core/errors.ts';
import type { HttpResponse } from '../../lib/core/http.ts';
import { answering, byEvent, byHttp, byLease, recordsOf, type Wanted } from '../support/three-ways-in.ts';
import { newKey, tokenOf } from '../support/token-issuer.ts';

const key = newKey('ES256');
const role = 'arn:aws:iam::123456789012:role/demo';
const grant = {
  name: 'demo',
  callers: ['ci', 'leases'],
  account: 'prod',
  operations: ['AssumeRole', 'GetFederationToken'],
  roles: [role],
};
const open = { ...grant, accepts: ['policy', 'tags'] };
const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };
const assume: Wanted = { operation: 'AssumeRole', roleArn: role, roleSessionName: 'build' };
const federate: Wanted = { operation: 'GetFederationToken', name: 'build', policy };

/** What no two ways in have in common, or no two runs. */
const own = ['dialect', 'proof', 'requestId', 'event', 'milliseconds', 'stages'] as const;
/** A lease asks in its own name, and its record says which lease it is. */
const ownOfLease = ['caller', 'issuer', 'subject', 'lease'] as const;

const without = ({ trace, ...record }: AuditRecord, names: readonly string[]) => ({
  ...Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name))),
  // What a clause on dialects saw is the dialect.
  trace: trace?.map((unmet) => (unmet.clause === 'dialects' ? { ...unmet, saw: 'a dialect' } : unmet)),
});

/** The fields that all three records have in common, once it is certain that they do. */
const commonOf = async (...asked: Parameters<typeof recordsOf>) => {
  const { http, event, lease } = await recordsOf(...asked);
  expect(http).toMatchObject({ dialect: 'json', proof: 'jwt', caller: 'ci' });
  expect(http).not.toHaveProperty('event');
  expect(event).toMatchObject({ dialect: 'event', proof: 'jwt', caller: 'ci', event: 'event-1' });
  expect(lease).toMatchObject({ dialect: 'lease', proof: 'lease', caller: 'leases', lease: 'demo' });
  expect(without(event, own)).toEqual(without(http, own));
  expect(without(lease, [...own, ...ownOfLease])).toEqual(without(http, [...own, ...ownOfLease]));
  return http;
};

const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const success = (operation: string, requestId: string) =>
  answering(
    200,
    `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result><Credentials>
      <AccessKeyId>ASIAMINTED</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
      <Expiration>2026-11-22T13:00:00Z</Expiration></Credentials></${operation}Result>
      <ResponseMetadata><RequestId>${xml(requestId)}</RequestId></ResponseMetadata></${operation}Response>`,
  );

const refusal = (status: number, code: string, requestId: string) =>
  answering(
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${xml(code)}</Code><Message>no</Message></Error>
      <RequestId>${xml(requestId)}</RequestId></ErrorResponse>`,
  );

const sessionName = fc.stringMatching(/^[\w+=,.@-]{2,32}$/);
const requestId = fc.uuid();

describe('the same question by HTTP, by an event and from a lease leaves the same record', () => {
  it('of credentials that were issued', async () => {
    const wanted = fc
      .record(
        {
          name: sessionName,
          durationSeconds: fc.integer({ min: 900, max: 3600 }),
          account: fc.constant('prod'),
          tags: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[\w +=.@:/-]{0,20}$/), {
            maxKeys: 3,
          }),
        },
        { requiredKeys: ['name'] },
      )
      .chain(({ name, ...rest }) =>
        fc.constantFrom<Wanted>({ ...assume, ...rest, roleSessionName: name }, { ...federate, ...rest, name }),
      );
    await fc.assert(
      fc.asyncProperty(wanted, requestId, async (asked, id) => {
        const setting = { key, grants: [open], cloud: success(asked.operation, id) };
        const record = await commonOf(setting, asked, tokenOf(key));
        expect(record).toMatchObject({
          outcome: 'Done',
          operation: asked.operation,
          grant: 'demo',
          account: 'prod',
          cloud: 'aws',
          durationSeconds: asked['durationSeconds'] ?? expect.any(Number),
          accessKeyId: 'ASIAMINTED',
          expiration: new Date('2026-11-22T13:00:00Z'),
          upstream: { requestId: id },
        });
        expect(record.askedDurationSeconds).toBe(asked['durationSeconds']);
        expect(record.sessionName).toBe(asked['roleSessionName'] ?? asked['name']);
        expect(record).toMatchObject({ givenSessionName: record.sessionName, origin: 'minted' });
        expect(record).toMatchObject({ issuer: 'https://issuer.example', subject: expect.any(String) });
      }),
      { numRuns: 25 },
    );
  });

  it('of credentials that a grant in audit mode would have refused', async () => {
    const setting = { key, grants: [{ ...open, mode: 'audit', acr: ['mfa'] }], cloud: success('AssumeRole', 'id') };
    expect(await commonOf(setting, assume, tokenOf(key))).toMatchObject({
      outcome: 'Done',
      auditOnlyViolations: [{ grant: 'demo', clause: 'acr', reason: 'AcrTooLow' }],
    });
  });

  /** Reasons that a request by an event cannot have: it has no such member, or is no read. */
  type Unreachable =
    | 'LeaseNotGranted'
    | 'SourceIdentityNotAccepted'
    | 'SecondFactorNotAccepted'
    | 'ExternalIdNotAccepted'
    | 'AudienceNotGranted'
    | 'ActorNotGranted'
    | 'OwnTokenNotGranted';
  const denials: Readonly<Record<Exclude<DenialReason, Unreachable>, readonly [grant: object, asked: Wanted]>> = {
    NoGrant: [{ callers: ['lease-reader'] }, assume],
    DialectNotGranted: [{ dialects: ['aws'] }, assume],
    AccountNotGranted: [{}, { ...assume, account: 'other' }],
    OperationNotGranted: [{ operations: ['GetCallerIdentity'] }, assume],
    RoleNotGranted: [{}, { ...assume, roleArn: 'arn:aws:iam::123456789012:role/admin' }],
    ClaimMismatch: [{ claims: { team: ['blue'] } }, assume],
    SourceIpNotGranted: [{ sourceIps: ['192.0.2.0/24'] }, assume],
    OutsideTimes: [{ times: { from: '2027-01-01T00:00:00Z' } }, assume],
    AcrTooLow: [{ acr: ['mfa'] }, assume],
    AmrMissing: [{ amr: ['otp'] }, assume],
    DurationTooLong: [{ maxDurationSeconds: 1800 }, { ...assume, durationSeconds: 3600 }],
    PolicyNotAccepted: [{}, { ...assume, policy }],
    TwoPolicies: [
      { accepts: ['policy'], policy },
      { ...assume, policy },
    ],
    TagsNotAccepted: [{}, { ...assume, tags: { team: 'blue' } }],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of a grant
    TemplateRefused: [{ sessionName: '${claims.team}', references: { 'claims.team': {} } }, assume],
  };

  it.each(Object.entries(denials))('of a denial by the grants: %s', async (reason, [changes, asked]) => {
    await fc.assert(
      fc.asyncProperty(sessionName, async (name) => {
        const setting = { key, grants: [{ ...grant, ...changes }] };
        const record = await commonOf(setting, { ...asked, roleSessionName: name }, tokenOf(key));
        expect(record).toMatchObject({ reason, sessionName: name });
        expect(record.accessKeyId).toBeUndefined();
      }),
      { numRuns: 5 },
    );
  });

  it.each<[StsErrorCode, object, Wanted]>([
    ['InvalidDuration', {}, { ...assume, durationSeconds: 600_000 }],
    ['MissingParameter', {}, { operation: 'GetFederationToken', name: 'build' }],
    ['UnsupportedOperation', { account: 'us3', accepts: ['policy'] }, federate],
  ])('of a question that the account cannot answer: %s', async (outcome, changes, asked) => {
    const record = await commonOf({ key, grants: [{ ...grant, ...changes }] }, asked, tokenOf(key));
    expect(record).toMatchObject({ outcome });
  });

  it('of a question that more than one account answers', async () => {
    const grants = [grant, { ...grant, name: 'second', account: 'other' }];
    expect(await commonOf({ key, grants }, assume, tokenOf(key))).toMatchObject({ outcome: 'InvalidParameter' });
  });

  it('of a refusal by the cloud, with its code and request id', async () => {
    const code = fc.oneof(
      fc.constantFrom('AccessDenied', 'MalformedPolicyDocument', 'PackedPolicyTooLarge', 'Throttling'),
      fc.constantFrom('ServiceUnavailable', 'ExpiredToken', 'SignatureDoesNotMatch', 'RegionDisabledException'),
      fc.stringMatching(/^[A-Za-z.]{1,40}$/),
    );
    const status = fc.constantFrom(400, 403, 429, 500, 503);
    await fc.assert(
      fc.asyncProperty(status, code, requestId, async (answered, said, id) => {
        const setting = { key, grants: [open], cloud: refusal(answered, said, id) };
        const record = await commonOf(setting, assume, tokenOf(key));
        expect(record).toMatchObject({
          upstream: { status: answered, code: said, requestId: id },
          grant: 'demo',
          account: 'prod',
          cloud: 'aws',
          durationSeconds: expect.any(Number),
        });
        expect(record.outcome).not.toBe('Done');
      }),
      { numRuns: 25 },
    );
  });

  it.each<[StsErrorCode, Parameters<typeof answering>]>([
    ['CloudUnintelligible', [200, '<html>Welcome to the captive portal</html>']],
    ['CloudUnavailable', [502, 'Bad gateway']],
  ])('of an answer of the cloud that cannot be read: %s', async (outcome, answer) => {
    const setting = { key, grants: [open], cloud: answering(...answer) };
    expect(await commonOf(setting, assume, tokenOf(key))).toMatchObject({ outcome });
  });

  it('of a cloud that does not answer', async () => {
    expect(await commonOf({ key, grants: [open] }, assume, tokenOf(key))).toMatchObject({
      outcome: 'CloudUnavailable',
    });
  });

  it('of a token that proves nobody', async () => {
    const other = newKey('ES256', key.jwk.kid);
    const seconds = Math.floor(Date.parse('2026-11-22T12:00:00Z') / 1000);
    const token = fc.constantFrom(
      'a.b.c',
      tokenOf(other),
      tokenOf(key, { aud: 'another' }),
      tokenOf(key, { iss: 'https://another.example' }),
      tokenOf(key, { exp: seconds - 3600 }),
      tokenOf(key, { nbf: seconds + 3600 }),
      `${tokenOf(key)}x`,
    );
    await fc.assert(
      fc.asyncProperty(token, fc.constantFrom(assume, federate), async (text, asked) => {
        const setting = { key, grants: [open], cloud: success('AssumeRole', 'id') };
        const [http] = (await byHttp(setting, asked, text)).records;
        const [event] = (await byEvent(setting, asked, text)).records;
        expect(http).toMatchObject({
          proofFault: expect.any(String),
          operation: asked.operation,
          sessionName: 'build',
        });
        expect(event && without(event, own)).toEqual(http && without(http, own));
      }),
    );
  });
});

describe('without a record there are no credentials', () => {
  const setting = {
    key,
    grants: [open],
    cloud: success('AssumeRole', 'id'),
    audit: unlimitedAuditLog(() => Promise.reject(new Error('The disk is full.'))),
  };

  it('by HTTP', async () => {
    const { answer } = await byHttp(setting, assume, tokenOf(key));
    expect(answer.status).toBe(500);
    expect(answer.body).toContain('"code":"Internal"');
    expect(answer.body).not.toContain('ASIAMINTED');
  });

  it('by an event, which is delivered again', async () => {
    const { answer } = await byEvent(setting, assume, tokenOf(key));
    expect(answer).toEqual({ outcome: { kind: 'retry' }, replies: [] });
  });

  it('for a lease', async () => {
    expect((await byLease(setting, assume)).answer).toMatchObject({ code: 'Internal' });
  });
});

describe('without room for a record no cloud is asked', () => {
  const asked = () => {
    const calls: string[] = [];
    const full = new StsError('Unavailable', 'The audit trail takes no record now.', { retryAfterSeconds: 1 });
    const setting = {
      key,
      grants: [open],
      cloud: async (): Promise<HttpResponse> => {
        calls.push('call');
        return { status: 500, headers: {}, body: '' };
      },
      audit: Object.assign(async () => undefined, { reserve: () => Promise.reject(full) }),
    };
    return { calls, setting };
  };

  it('by HTTP, which is told when to come back', async () => {
    const { calls, setting } = asked();
    const { answer } = await byHttp(setting, assume, tokenOf(key));
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(answer.body).toContain('"code":"Unavailable"');
    expect(calls).toEqual([]);
  });

  it('by an event, which is delivered again', async () => {
    const { calls, setting } = asked();
    const { answer } = await byEvent(setting, assume, tokenOf(key));
    expect(answer).toEqual({ outcome: { kind: 'retry' }, replies: [] });
    expect(calls).toEqual([]);
  });

  it('for a lease', async () => {
    const { calls, setting } = asked();
    expect((await byLease(setting, assume)).answer).toMatchObject({ code: 'Unavailable' });
    expect(calls).toEqual([]);
  });
});
