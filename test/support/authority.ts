import { type Authority, createAuthority } from '../../lib/authority/authority.ts';
import type { AuthorityRole } from '../../lib/authority/roles.ts';
import { grammarsOf } from '../../lib/clouds/catalog.ts';
import { clouds } from '../../lib/clouds/dialects.ts';
import type { Caller } from '../../lib/core/caller.ts';
import type { Credentials } from '../../lib/core/credentials.ts';
import type { MintOperation, TokenRequest } from '../../lib/core/requests.ts';
import { Secret } from '../../lib/core/secret.ts';
import { authorize, type Rules } from '../../lib/grants/authorize.ts';
import { findGrants } from '../../lib/grants/find-grants.ts';
import type { Grant } from '../../lib/grants/grant.ts';
import { compilePattern } from '../../lib/grants/pattern.ts';
import { keyring } from '../../lib/stores/seal/keyring.ts';

/** An authority alone, with everything granted to whoever asks, so that only what it decides itself is seen. */
export interface TestSts {
  readonly authority: Authority;
  /** Asks for credentials as a caller, in the words of a system. */
  ask(caller: Caller, request: TokenRequest<MintOperation>, dialect?: string): Credentials;
  /** The caller that the holder of a triad is. */
  holder(triad: Pick<Credentials, 'accessKeyId' | 'sessionToken'>): Caller;
  /** The clock, in milliseconds. */
  at: number;
}

export const accountIds = {
  aws: '123456789012',
  'tencent-v2': '1001',
  'tencent-v3': '1001',
  ucloud: '55',
  ecs: 's3',
  alibaba: '1234567890123456',
  volcengine: '2100000001',
  huawei: 'd0123456789abcdef0123456789abcde',
};
export const material = (letter: string): Secret => new Secret(letter.repeat(32));

/** A role that `ci` may assume, but for what is changed. */
export const role = (name: string, changes: Partial<AuthorityRole> = {}): AuthorityRole => ({
  name,
  trust: ['ci'],
  maxSessionDurationSeconds: 43_200,
  policies: {},
  aliases: [],
  ...changes,
});

export const arnOf = (name: string): string => `arn:aws:iam::${accountIds.aws}:role/${name}`;
export const ci: Caller = { name: 'ci', proof: 'accessKey', accessKeyId: 'AKIDci' };
export const assume = (name: string, more: Partial<TokenRequest<'AssumeRole'>> = {}): TokenRequest<'AssumeRole'> => ({
  operation: 'AssumeRole',
  role: arnOf(name),
  sessionName: 'run-1',
  ...more,
});

/** A statement list, as a role's policy has it. */
export const statements = (grammar: string, document: unknown) => {
  const reading = grammarsOf(clouds).get(grammar)?.read(JSON.stringify(document));
  if (reading === undefined) throw new Error(`There is no grammar ${grammar}.`);
  if ('fault' in reading) throw new Error(reading.why);
  return reading.statements;
};

export const openSts = (
  roles: readonly AuthorityRole[],
  keys: readonly [Secret, ...Secret[]] = [material('a')],
  ids: Readonly<Record<string, string>> = accountIds,
): TestSts => {
  const namings = new Map(clouds.map((cloud) => [cloud.id, cloud.naming]));
  const authority = createAuthority({ ring: keyring(...keys), roles, accountIds: ids }, namings);
  const everything: Grant = {
    name: 'everything',
    callers: new Set(['ci', 'other', 'session']),
    account: 'authority',
    operations: new Set(['AssumeRole', 'GetFederationToken', 'GetSessionToken', 'AssumeRoleWithWebIdentity']),
    roles: [compilePattern('**')],
    references: new Map(),
    accepts: new Set(['policy', 'tags', 'sourceIdentity']),
    mode: 'enforce',
    shareable: false,
  };
  const rules: Rules = {
    grants: findGrants([everything]),
    accounts: new Map([
      ['authority', { name: 'authority', cloud: 'authority', endpoint: new URL('urn:credmint:authority') }],
    ]),
    range: (_account, operation, dialect) => authority.seconds(dialect)[operation],
    sessionMay: authority.lets,
    checkPolicy: () => undefined,
  };
  const sts: TestSts = {
    authority,
    at: Date.parse('2026-01-01T00:00:00.750Z'),
    ask: (caller, request, dialect = 'aws') => {
      const now = new Date(sts.at);
      return authority.issue(authorize(rules, { caller, request, dialect, now }), now);
    },
    holder: ({ accessKeyId, sessionToken }) => ({
      name: 'session',
      proof: 'session',
      accessKeyId,
      session: authority.open(accessKeyId, sessionToken, new Date(sts.at)).session,
    }),
  };
  return sts;
};
