import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { naming } from '../../lib/clouds/huawei/naming.ts';
import { type LaptopApp, openLaptopApp, type ServedApp } from '../support/app.ts';
import { later, unproxied } from '../support/oracle-environment.ts';
import { ci, openRoles } from '../support/oracle-roles.ts';

type Members = Readonly<Record<string, unknown>>;
interface Client {
  sendRequest(options: Members): Promise<Members>;
}
interface Credential {
  withAk(ak: string): Credential;
  withSk(sk: string): Credential;
  withDomainId(id: string): Credential;
  withProjectId(id: string): Credential;
  withDerivedPredicate(wanted: () => boolean): Credential;
  withSecurityToken(token: string): Credential;
}
interface Builder {
  withCredential(credential: Credential): Builder;
  withEndpoint(endpoint: string): Builder;
  withRegion(region: object): Builder;
  withDerivedAuthServiceName(name: string): Builder;
  build(): Client;
}
// By `require`, since a CommonJS default export is one thing to Node and another to the test runner.
const require = createRequire(import.meta.url);
const { ClientBuilder } = require('@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js') as {
  readonly ClientBuilder: new (init: (client: Client) => Client, type?: string) => Builder;
};
const { GlobalCredentials } = require('@huaweicloud/huaweicloud-sdk-core/auth/GlobalCredentials.js') as {
  readonly GlobalCredentials: new () => Credential;
};
const { BasicCredentials } = require('@huaweicloud/huaweicloud-sdk-core/auth/BasicCredentials.js') as {
  readonly BasicCredentials: new () => Credential;
};
const { Region } = require('@huaweicloud/huaweicloud-sdk-core/region/region.js') as {
  readonly Region: new (id: string, endpoint: string) => object;
};

unproxied();

let app: LaptopApp;
let roles: ServedApp;

beforeAll(async () => {
  [app, roles] = await Promise.all([openLaptopApp(), openRoles()]);
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => Promise.all([app.close(), roles.close()]));

interface Key {
  readonly ak: string;
  readonly sk: string;
  readonly token?: string;
}
const local = (): Key => ({ ak: app.access.accessKey.id, sk: app.access.accessKey.secret });
const caller: Key = { ak: ci.id, sk: ci.secret };
const role = (name: string): string => naming.roles(naming.identifier('account', 'credmint'), name, '')[0] ?? '';
const keyOf = (said: Members): Key => {
  const triad = said['credentials'] as Readonly<Record<string, string>>;
  return {
    ak: triad['access_key_id'] ?? '',
    sk: triad['secret_access_key'] ?? '',
    token: triad['security_token'] ?? '',
  };
};

const ways = [
  { way: 'SDK-HMAC-SHA256', derived: false },
  { way: 'V11-HMAC-SHA256', derived: true },
] as const;

const id = 'd0123456789abcdef0123456789abcde';

/** The package of STS is not in the registry, so requests are sent by path through the client that it would use. */
const client = (derived: boolean, { ak, sk, token }: Key, url = app.url): Client => {
  // A derived key is for those that name a project alone.
  const named = derived ? new BasicCredentials().withProjectId(id) : new GlobalCredentials().withDomainId(id);
  const plain = named
    .withAk(ak)
    .withSk(sk)
    .withDerivedPredicate(() => derived);
  const builder = new ClientBuilder((made) => made).withCredential(
    token === undefined ? plain : plain.withSecurityToken(token),
  );
  return derived
    ? builder.withRegion(new Region('cn-north-4', url)).withDerivedAuthServiceName('sts').build()
    : builder.withEndpoint(url).build();
};
const post = (made: Client, url: string, data: Members): Promise<Members> =>
  made.sendRequest({
    method: 'POST',
    url,
    contentType: 'application/json',
    queryParams: {},
    pathParams: {},
    headers: { 'content-type': 'application/json' },
    data,
  });
const assume = (made: Client, data: Members): Promise<Members> => post(made, '/v5/agencies/assume', data);
const whoAmI = (made: Client): Promise<Members> =>
  made.sendRequest({
    method: 'GET',
    url: '/v5/caller-identity',
    contentType: 'application/json',
    queryParams: {},
    pathParams: {},
    headers: {},
  });
const demo = () => ({ agency_urn: app.access.roles['huawei'], agency_session_name: 'me' });

/** As much of what the SDK throws as people look at, which is what the service wrote down. */
const failure = async (act: Promise<unknown>, records = roles.records) => {
  try {
    await act;
  } catch (thrown) {
    const { errorCode, errorMsg, httpStatusCode, requestId } = thrown as Readonly<Record<string, string | number>>;
    expect(requestId).toBe(records.at(-1)?.requestId);
    expect(errorMsg).toMatch(/./);
    return { errorCode, httpStatusCode };
  }
  throw new Error('It was allowed.');
};

describe.each(ways)('Huawei Cloud’s client, by $way', ({ derived }) => {
  it('assumes an agency, and is somebody else then', async () => {
    const said = await assume(client(derived, local()), { ...demo(), duration_seconds: 900 });
    expect(said).toMatchObject({
      assumed_agency: { urn: expect.stringMatching(/^sts::\w+:assumed-agency:demo\/me$/), id: expect.any(String) },
      credentials: {
        access_key_id: expect.stringMatching(/^HST/),
        expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    });
    const { expiration = '' } = said['credentials'] as Readonly<Record<string, string>>;
    expect(Math.round((Date.parse(expiration) - Date.now()) / 10_000) * 10).toBe(900);
    const before = await whoAmI(client(derived, local()));
    const after = await whoAmI(client(derived, keyOf(said)));
    expect(before).toMatchObject({
      account_id: expect.any(String),
      principal_urn: expect.stringMatching(/:user:local$/),
    });
    expect(after).toMatchObject({ principal_urn: (said['assumed_agency'] as Members)['urn'] });
  });

  it('is narrowed by its policy, whatever characters that has', async () => {
    const policy = JSON.stringify({
      Version: '5.0',
      Statement: [
        { Effect: 'Allow', Action: ['obs:object:getObject'], Resource: ["obs:*:*:object:b/p x+~!'()*/数据"] },
      ],
    });
    const said = await assume(client(derived, local()), { ...demo(), policy });
    const again = assume(client(derived, keyOf(said)), demo());
    expect(await failure(again, app.records)).toEqual({ errorCode: 'PAP5.0055', httpStatusCode: 403 });
  });

  it('brings tags, a source identity and an external id along', async () => {
    const said = await assume(client(derived, caller, roles.url), {
      agency_urn: role('partner'),
      agency_session_name: 'me',
      external_id: 'four-eyes',
      source_identity: 'alice',
      tags: [{ key: 'team', value: '数据' }],
    });
    expect(said).toMatchObject({ source_identity: 'alice' });
  });

  it.each([
    ['a false secret', () => ({ ...caller, sk: 'false' }), {}, 'APIGW.0301', 401],
    ['an unknown key', () => ({ ...caller, ak: 'NOBODY' }), {}, 'APIGW.0301', 401],
    ['a false token', () => ({ ...caller, token: 'x' }), {}, 'APIGW.0301', 401],
    ['no agency', () => caller, { agency_urn: '' }, 'STS5.MissingParameter', 400],
    ['too short a session name', () => caller, { agency_session_name: 'a' }, 'STS5.InvalidParameter', 400],
    ['too short a duration', () => caller, { duration_seconds: 899 }, 'STS5.InvalidDuration', 400],
    ['a duration of another type', () => caller, { duration_seconds: true }, 'STS5.InvalidParameter', 400],
    ['a policy that is none', () => caller, { policy: '{' }, 'PAP5.0011', 400],
    ['too long a policy', () => caller, { policy: 'x'.repeat(2049) }, 'STS5.PolicyTooLarge', 400],
    ['a member that there is not', () => caller, { polic: 'x' }, 'STS5.UnknownParameter', 400],
    ['managed policies', () => caller, { policy_ids: ['a'] }, 'STS5.InvalidParameter', 400],
    ['tags of another type', () => caller, { tags: { team: 'build' } }, 'STS5.InvalidParameter', 400],
    ['an agency that trusts somebody else', () => caller, { agency_urn: role('closed') }, 'PAP5.0055', 403],
    ['an agency that there is not', () => caller, { agency_urn: role('nobody') }, 'PAP5.0055', 403],
  ] as const)('hears that %s is refused', async (_what, key, changes, errorCode, httpStatusCode) => {
    const act = assume(client(derived, key(), roles.url), {
      agency_urn: role('page'),
      agency_session_name: 'me',
      ...changes,
    });
    expect(await failure(act)).toEqual({ errorCode, httpStatusCode });
  });

  it('hears that its clock is wrong', async () => {
    later(20 * 60 * 1000);
    roles.skewMs = -20 * 60 * 1000;
    try {
      const act = assume(client(derived, caller, roles.url), { agency_urn: role('page'), agency_session_name: 'me' });
      expect(await failure(act)).toEqual({ errorCode: 'APIGW.0301', httpStatusCode: 401 });
    } finally {
      roles.skewMs = 0;
    }
  });

  it('assumes an agency by an identity token, whatever signs beside it', async () => {
    const said = await post(client(derived, local()), '/v5/agencies/assume-with-oidc', {
      ...demo(),
      provider_urn: 'iam::d0123456789abcdef0123456789abcde:oidc-provider:x',
      id_token: app.access.token,
    });
    expect(said).toMatchObject({
      subject_from_id_token: expect.any(String),
      provider: app.url,
      credentials: { access_key_id: expect.stringMatching(/^HST/) },
    });
  });
});
