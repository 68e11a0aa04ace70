import { describe, expect, it } from 'vitest';
import { StsError } from '../../lib/core/errors.ts';
import { Secret } from '../../lib/core/secret.ts';
import { authorize } from '../../lib/grants/authorize.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { ciKey, createApp } from '../support/app.ts';
import { awsAccount, cloudTransport } from '../support/cloud-transport.ts';
import { ask, rulesFor } from '../support/rules.ts';

// What a caller says is sent to the cloud under the key of the account, though no grant says that it may be.

const outcome = (grant: object, request: object): string => {
  try {
    authorize(rulesFor(grant), ask({}, request));
    return 'allowed';
  } catch (thrown) {
    const { code, detail } = StsError.from(thrown);
    return detail.reason ?? code;
  }
};

const fields = [
  ['policy', { policy: '{}' }, 'policy', 'PolicyNotAccepted'],
  ['managed policies', { policyArns: ['arn'] }, 'policy', 'PolicyNotAccepted'],
  ['tags', { tags: [{ key: 'a', value: 'b' }] }, 'tags', 'TagsNotAccepted'],
  ['tags that go on', { transitiveTagKeys: ['a'] }, 'tags', 'TagsNotAccepted'],
  ['a source identity', { sourceIdentity: 'me' }, 'sourceIdentity', 'SourceIdentityNotAccepted'],
  ['the name of a second factor', { serialNumber: 'mfa' }, 'secondFactor', 'SecondFactorNotAccepted'],
  ['the code of a second factor', { tokenCode: new Secret('123456') }, 'secondFactor', 'SecondFactorNotAccepted'],
] as const;
const parts = ['policy', 'tags', 'sourceIdentity', 'secondFactor'];

describe('a caller', () => {
  it.each(fields)('gives %s only if the grant accepts it', (_, request, part, reason) => {
    expect(outcome({ accepts: [part] }, request)).toBe('allowed');
    expect(outcome({ accepts: parts.filter((one) => one !== part) }, request)).toBe(reason);
  });

  it('gives no external id, and nothing that is not known here, whatever the grant accepts', () => {
    expect(outcome({ accepts: parts }, { externalId: 'x' })).toBe('ExternalIdNotAccepted');
    expect(outcome({ accepts: parts }, { invented: 'x' })).toBe('UnknownParameter');
    expect(outcome({ accepts: parts }, { constructor: 'x' })).toBe('UnknownParameter');
  });
});

it.each(['team', 'TEAM', 'team ', ' team', 'te am', 'te\u200bam', 'team\u3164', '\uff54eam', 't\u00a0eam'])(
  'a tag of the grant is not given again by its caller as %j, which a cloud may take for it',
  (key) => {
    const given = [
      { key, value: 'blue' },
      { key: 'stream', value: 'x' },
    ];
    const allowed = authorize(rulesFor({ tags: { team: 'red' }, accepts: ['tags'] }), ask({}, { tags: given }));
    expect(allowed).toMatchObject({
      tags: [
        { key: 'stream', value: 'x' },
        { key: 'team', value: 'red' },
      ],
    });
  },
);

it('a tag of the grant is not given again in letters that are the same in capitals', () => {
  for (const key of ['\u017fystem', '\u017fY\u017fTEM']) {
    const allowed = authorize(
      rulesFor({ tags: { system: 'red' }, accepts: ['tags'] }),
      ask({}, { tags: [{ key, value: 'blue' }] }),
    );
    expect(allowed).toMatchObject({ tags: [{ key: 'system', value: 'red' }] });
  }
});

it('no caller plays the second factor of an account', async () => {
  const cloud = cloudTransport();
  const app = createApp({
    config: { accounts: { aws: awsAccount() } },
    environment: { ACCOUNT: 'the secret of the account' },
    deps: { transport: cloud.transport },
  });
  const form = (code: string) =>
    new URLSearchParams({
      Action: 'GetSessionToken',
      Version: '2011-06-15',
      ...(code === '' ? {} : { SerialNumber: 'arn:aws:iam::123456789012:mfa/admin', TokenCode: code }),
    }).toString();
  const send = (body: string) =>
    app.send(
      sign(
        {
          method: 'POST',
          scheme: 'https',
          host: 'sts.example.com',
          path: '/',
          query: '',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body,
        },
        { id: ciKey.id, secret: new Secret(ciKey.secret) },
        { now: app.now(), region: 'us-east-1', service: 'sts' },
      ),
    );
  expect((await send(form('123456'))).status).toBe(403);
  expect(cloud.requests).toHaveLength(0);
  expect((await send(form(''))).status).toBe(200);
});
