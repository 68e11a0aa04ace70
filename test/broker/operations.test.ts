import { describe, expect, it } from 'vitest';
import { spec } from '../../functions/sts.ts';
import { compose } from '../../lib/app/compose.ts';
import { createBroker } from '../../lib/broker/broker.ts';
import type { BrokerDeps, IncomingRequest } from '../../lib/broker/deps.ts';
import { readConfig } from '../../lib/config/load.ts';
import { type AuditRecord, unlimitedAuditLog } from '../../lib/core/audit.ts';
import type { Caller, Proof, Session } from '../../lib/core/caller.ts';
import type { Answer, Asked, Dialect } from '../../lib/core/cloud.ts';
import { StsError } from '../../lib/core/errors.ts';
import type { LeaseReader } from '../../lib/core/lease-reader.ts';
import type { TokenRequest } from '../../lib/core/requests.ts';
import { Secret } from '../../lib/core/secret.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { allOperations, demoRole } from '../support/app.ts';
import { ecPem, rsaPem } from '../support/keyless-pair.ts';
import { credentialsOf, forever } from '../support/requests.ts';

// What is done for a caller that is proven, whatever its dialect and its proof.

const now = new Date('2026-01-01T00:00:00Z');
const ci: Caller = { name: 'ci', proof: 'accessKey', accessKeyId: 'AKIDCALLER' };
const session: Session = {
  kind: 'role',
  accessKeyId: 'ASIA1',
  caller: 'ci',
  dialect: 'aws',
  role: 'demo',
  name: 'me',
  policies: [],
  issuedAt: now,
  expiration: new Date(now.getTime() + 3_600_000),
};
const role = 'arn:aws:iam::123456789012:role/app';
const key = { id: 'AKIDACCOUNT', secret: 'env:SECRET' };
const reading = { callers: ['ci', 'session'], account: 'aws', operations: ['ReadLease', 'ListLeases'] };

const config = readConfig(
  {
    accounts: { aws: { cloud: 'aws', endpoint: 'https://sts.example.test/', key }, authority: { cloud: 'authority' } },
    authority: { keys: ['env:RING'], roles: { demo: { trust: ['*'] } }, accountIds: { aws: '123456789012' } },
    callers: { ci: { accessKey: { id: 'AKIDCALLER', secret: 'env:SECRET' } } },
    issuer: { url: 'https://id.example.test', keys: ['env:EC', 'env:RSA'] },
    grants: [
      { name: 'own', callers: ['ci'], account: 'authority', operations: allOperations, roles: ['**'] },
      { name: 'app', callers: ['ci'], account: 'aws', operations: allOperations, roles: [role] },
      {
        name: 'tokens',
        callers: ['ci'],
        account: 'issuer',
        operations: ['IssueToken'],
        token: { audiences: ['https://*.example'] },
      },
      { name: 'read', ...reading, leases: ['l-*'] },
    ],
  },
  {
    folder: '/nowhere',
    environment: { SECRET: 'a secret of the test', RING: 'r'.repeat(43), EC: ecPem('P-384'), RSA: rsaPem() },
  },
);

interface Asking {
  readonly proof?: Proof;
  readonly caller?: Caller;
  /** The id of the dialect in which it is asked. */
  readonly dialect?: string;
  readonly incoming?: Partial<IncomingRequest>;
  /** What is otherwise than the configuration says. */
  readonly deps?: Partial<BrokerDeps>;
}

/** Asks in a dialect of the test's own, and gives the answer that it is to write. */
const ask = async (request: TokenRequest, { proof, caller = ci, dialect: id, incoming, deps }: Asking = {}) => {
  const answers: Answer[] = [];
  const refusals: StsError[] = [];
  const records: AuditRecord[] = [];
  const asked: Asked = { request, proof: proof ?? { kind: 'none' } };
  const dialect: Dialect = {
    id: id ?? 'test',
    recognizes: () => true,
    parse: () => asked,
    render: (answer) => {
      answers.push(answer);
      return { status: 200, headers: {}, body: '' };
    },
    renderError: (error) => {
      refusals.push(error);
      return { status: error.traits.status, headers: { 'x-own': 'yes' }, body: '' };
    },
  };
  const composed = compose({ ...spec, dialects: [dialect] }, config, {
    store: memoryStore(() => now),
    transport: async () => {
      throw new StsError('CloudUnavailable');
    },
    audit: unlimitedAuditLog(async (record) => {
      records.push(record);
    }),
    now: () => now,
    nonce: () => 1,
    sleep: async () => undefined,
    chance: () => 0,
  });
  const response = await createBroker({ ...composed, authenticate: async () => caller, ...deps })({
    request: { method: 'GET', scheme: 'https', host: 'mint.example.test', path: '/', query: '', headers: {}, body: '' },
    requestId: 'request-1',
    ...forever,
    ...incoming,
  });
  const [answer] = answers;
  const [refusal] = refusals;
  return { answer, refusal, response, record: records.at(-1) };
};

/** A mint that gives these. */
const minting = (changes: object = {}): Pick<BrokerDeps, 'mint'> => ({
  mint: {
    credentials: async () => ({ ...credentialsOf(1, now), ...changes }),
  } as unknown as BrokerDeps['mint'],
});

const assume: TokenRequest<'AssumeRole'> = { operation: 'AssumeRole', account: 'aws', role, sessionName: 'me' };

describe('a login', () => {
  it('begins with a token that its caller may show', async () => {
    const { answer } = await ask({ operation: 'Login' });
    expect(answer).toEqual({ kind: 'login', token: expect.any(Secret), user: 'ci' });
  });

  it('ends by its token, and says whose it was', async () => {
    const ended: [string, Date][] = [];
    const logins = {
      end: async (token: Secret, at: Date) => {
        ended.push([token.reveal(), at]);
      },
    } as unknown as NonNullable<BrokerDeps['logins']>;
    const asked = { proof: { kind: 'login', token: new Secret('TOKEN') }, deps: { logins } } as const;
    expect((await ask({ operation: 'Logout' }, asked)).answer).toEqual({ kind: 'logout', user: 'ci' });
    expect(ended).toEqual([['TOKEN', now]]);
    // A caller that shows its key has no login that could end.
    const proof: Proof = { kind: 'password', accessKeyId: 'AKIDCALLER', secret: new Secret('secret') };
    expect((await ask({ operation: 'Logout' }, { ...asked, proof })).answer).toEqual({ kind: 'logout', user: 'ci' });
    expect(ended).toHaveLength(1);
  });
});

describe('what nothing here is configured to do', () => {
  const without = { logins: undefined, leases: undefined, issuer: undefined, authority: undefined };

  it.each<TokenRequest>([
    { operation: 'Login' },
    { operation: 'ReadLease', lease: 'l-1' },
    { operation: 'ListLeases' },
    { operation: 'IssueToken', audiences: ['https://a.example'] },
    { operation: 'GetCallerIdentity' },
    { operation: 'GetCallerIdentity', account: 'authority' },
  ])('is refused with a sentence that says so: $operation', async (request) => {
    const deps = without as unknown as Partial<BrokerDeps>;
    expect((await ask(request, { deps })).refusal).toMatchObject({
      code: 'UnsupportedOperation',
      message: 'Nothing here is configured to do this.',
      detail: {},
    });
  });

  it('is refused to whoever asks the broker for the page, which it does not serve', async () => {
    const { refusal } = await ask({ operation: 'Observe', account: 'console' });
    expect(refusal?.code).toBe('UnsupportedOperation');
  });
});

it('the identity of an account is what its cloud says, and of the authority what was proven here', async () => {
  const identity = { accountId: '1', userId: 'AIDAOURS', arn: 'arn:aws:iam::1:user/ours' };
  const deps = { mint: { identity: async () => identity } as unknown as BrokerDeps['mint'] };
  const of = async (account: string) => (await ask({ operation: 'GetCallerIdentity', account }, { deps })).answer;
  expect(await of('aws')).toEqual({ kind: 'identity', identity });
  expect(await of('authority')).toMatchObject({ identity: { arn: 'arn:aws:iam::123456789012:user/ci' } });
});

describe('credentials for an identity token', () => {
  const request: TokenRequest<'AssumeRoleWithWebIdentity'> = {
    operation: 'AssumeRoleWithWebIdentity',
    account: 'authority',
    role: demoRole,
    sessionName: 'me',
    webIdentityToken: new Secret('token'),
  };
  const webIdentityOf = async (claims?: Caller['claims'], deps: Partial<BrokerDeps> = {}) => {
    const caller: Caller = { name: 'ci', proof: 'jwt', ...(claims && { claims }) };
    const { answer } = await ask(request, { caller, deps });
    return answer?.kind === 'credentials' ? answer.credentials.webIdentity : answer;
  };

  it.each<[Caller['claims'], object]>([
    [
      { sub: 'job', aud: 'us', iss: 'https://ci.example' },
      { subject: 'job', audience: 'us', provider: 'https://ci.example' },
    ],
    [
      { sub: 'job', aud: ['us', 'them'] },
      { subject: 'job', audience: 'us' },
    ],
    [{ sub: 1, aud: [1], iss: {} }, { subject: '' }],
    [{ aud: { 0: 'us' } }, { subject: '' }],
    [undefined, { subject: '' }],
  ])('say what was proven of the token: %j', async (claims, said) => {
    const found = await webIdentityOf(claims);
    expect(found).toEqual(said);
    expect(Object.keys(found ?? {})).toEqual(Object.keys(said));
  });

  it('say rather what the cloud read in it', async () => {
    const webIdentity = { subject: 'of the cloud' };
    expect(await webIdentityOf({ sub: 'job' }, minting({ webIdentity }))).toEqual(webIdentity);
  });

  it('alone say this', async () => {
    const { answer } = await ask(assume, { caller: { ...ci, claims: { sub: 'job' } }, deps: minting() });
    expect(answer).toMatchObject({ kind: 'credentials', credentials: credentialsOf(1, now) });
    expect(answer?.kind === 'credentials' && answer.credentials).not.toHaveProperty('webIdentity');
  });
});

describe('the answer with credentials', () => {
  const answered = async (account: string, asking: Asking = {}) => {
    const wanted = account === 'aws' ? assume : { ...assume, account, role: demoRole };
    const { answer } = await ask(wanted, { ...asking, deps: { ...minting(), ...asking.deps } });
    if (answer?.kind !== 'credentials') throw new Error('There are no credentials.');
    const { variables, ...rest } = answer;
    return { ...rest, names: variables().map(([name]) => name) };
  };

  it('has the variables of the tools of the account’s cloud, whatever the dialect', async () => {
    for (const dialect of ['test', 'ucloud']) {
      expect(await answered('aws', { dialect })).toEqual({
        kind: 'credentials',
        credentials: credentialsOf(1, now),
        account: 'aws',
        cloud: 'aws',
        names: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_CREDENTIAL_EXPIRATION'],
      });
    }
  });

  it('of the authority has those of the cloud in whose dialect it was asked, or else of AWS', async () => {
    const [ofAws, ofUcloud] = [await answered('authority'), await answered('authority', { dialect: 'ucloud' })];
    expect(ofAws).toMatchObject({ account: 'authority', cloud: 'authority' });
    expect(ofAws.names[0]).toBe('AWS_ACCESS_KEY_ID');
    expect(ofUcloud.names[0]).toMatch(/^UCLOUD_/);
  });

  it('has none in a function that carries no cloud', async () => {
    expect((await answered('authority', { deps: { clouds: new Map() } })).names).toEqual([]);
  });
});

it('a caller is held to its rate, by the time of the request', async () => {
  const asked: unknown[] = [];
  const admit: BrokerDeps['admit'] = (...given) => {
    asked.push(given);
    throw new StsError('Throttled', 'The caller asks too often.', { retryAfterSeconds: 9 });
  };
  const { refusal, response } = await ask({ operation: 'Login' }, { deps: { admit } });
  expect([refusal?.code, response.status, response.headers['retry-after']]).toEqual(['Throttled', 429, '9']);
  expect(asked).toEqual([[ci, now]]);
});

describe('a request whose caller has too much under way', () => {
  const slotFor = (isFree: boolean) => {
    const askedFor: string[] = [];
    const belongTo = (caller: string) => {
      askedFor.push(caller);
      return isFree;
    };
    return { askedFor, slot: { belongTo } };
  };

  it('is refused for a second, and says so to every HTTP client', async () => {
    const { slot } = slotFor(false);
    const { refusal, response, record } = await ask({ operation: 'Login' }, { incoming: { slot } });
    expect(refusal).toMatchObject({
      code: 'Throttled',
      message: 'The caller has too many requests under way.',
      detail: { retryAfterSeconds: 1 },
    });
    expect(response).toEqual({ status: 429, headers: { 'x-own': 'yes', 'retry-after': '1' }, body: '' });
    expect(record).toMatchObject({ outcome: 'Throttled', caller: 'ci' });
  });

  it('is counted with all that the same caller asks, by its key and by what it had minted', async () => {
    const { askedFor, slot } = slotFor(true);
    await ask({ operation: 'Login' }, { incoming: { slot } });
    const caller: Caller = { name: 'session', proof: 'session', session };
    const { answer } = await ask({ operation: 'GetCallerIdentity' }, { caller, incoming: { slot } });
    expect(answer?.kind).toBe('identity');
    expect(askedFor).toEqual(['ci', 'ci']);
  });
});

it('an error that does not pass by itself tells no time to come back', async () => {
  const { response } = await ask({ operation: 'Observe', account: 'console' });
  expect(response.headers).toEqual({ 'x-own': 'yes' });
});

/** A reader of so many leases, all of which have the same credentials or are awaited. */
const readerOf = (count: number, read?: LeaseReader['read'], account = 'aws') => {
  const looked: string[] = [];
  const reader: LeaseReader = {
    names: () => Array.from({ length: count }, (_, index) => `l-${1000 + index}`),
    accountOf: (name) => {
      looked.push(name);
      return name.startsWith('l-') ? account : undefined;
    },
    read: read ?? (async () => ({ kind: 'awaited', seconds: 7 })),
    statuses: async (names) =>
      names.map((name) => ({
        name,
        account,
        state: 'missing' as const,
        failures: 0,
        deliveryFailures: 0,
        pendingDeliveries: 0,
      })),
  };
  return { looked, reader };
};

describe('a list of leases', () => {
  const list = async (count: number, after?: string) => {
    const { looked, reader } = readerOf(count);
    const request = { operation: 'ListLeases' as const, ...(after === undefined ? {} : { after }) };
    const { answer } = await ask(request, { deps: { leases: reader } });
    if (answer?.kind !== 'leases') throw new Error('There is no list.');
    const { leases, ...rest } = answer;
    return { names: leases.map(({ name }) => name), rest, looked };
  };

  it('goes on after its last name if there are more, and not if there are none', async () => {
    const [whole, cut] = [await list(500), await list(501)];
    expect([whole.names.length, whole.names.at(-1), whole.rest]).toEqual([500, 'l-1499', { kind: 'leases' }]);
    expect([cut.names.length, cut.names.at(-1), cut.rest]).toEqual([500, 'l-1499', { kind: 'leases', next: 'l-1499' }]);
  });

  it('begins behind the name after which it is asked', async () => {
    expect((await list(4, 'l-1001')).names).toEqual(['l-1002', 'l-1003']);
  });

  it('of many looks at no more than it can name, and one', async () => {
    expect((await list(5000)).looked).toHaveLength(501);
  });
});

describe('a lease', () => {
  const kept = (lifetimeSeconds: number, seconds = 60) =>
    readerOf(1, async () => ({
      kind: 'credentials',
      credentials: credentialsOf(1, now, seconds),
      mintedAt: new Date(now.getTime() + (seconds - lifetimeSeconds) * 1000),
    })).reader;
  const read = (leases: LeaseReader, asking: Asking = {}) =>
    ask({ operation: 'ReadLease', lease: 'l-1' }, { ...asking, deps: { leases } });

  it('is read with what is kept under its name, which the record says', async () => {
    const { answer, record } = await read(kept(3600));
    expect(answer).toMatchObject({ kind: 'credentials', account: 'aws', credentials: credentialsOf(1, now, 60) });
    expect(record).toMatchObject({
      grant: 'read',
      account: 'aws',
      cloud: 'aws',
      accessKeyId: 'ASIA1',
      expiration: new Date(now.getTime() + 60_000),
      origin: 'kept',
      outcome: 'Done',
    });
  });

  it('that has nothing yet says when to come back', async () => {
    const { refusal, response } = await read(readerOf(1).reader);
    expect(refusal).toMatchObject({ code: 'LeaseNotFound', detail: { retryAfterSeconds: 7 } });
    expect(response).toMatchObject({ status: 404, headers: { 'retry-after': '7' } });
  });

  it('that lives longer than what a session may be given is not for a session', async () => {
    const caller: Caller = { name: 'session', proof: 'session', session };
    // An hour, and a minute by which clocks may differ.
    expect((await read(kept(3660), { caller })).answer?.kind).toBe('credentials');
    expect((await read(kept(3661), { caller })).refusal?.code).toBe('AccessDenied');
    expect((await read(kept(3661))).answer?.kind).toBe('credentials');
  });

  it('of an account that is not there any more is denied as one that is not granted', async () => {
    const { reader } = readerOf(1, undefined, 'gone');
    expect((await read(reader)).refusal?.code).toBe('AccessDenied');
  });
});

describe('a token of our own issuer', () => {
  const audiences = ['https://a.example'];
  const issue = async (more: Partial<TokenRequest<'IssueToken'>> = {}) => {
    const { answer } = await ask({ operation: 'IssueToken', audiences, ...more });
    if (answer?.kind !== 'token') throw new Error('There is no token.');
    const [header = '', payload = ''] = answer.token.reveal().split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
    return { alg: read(header)['alg'], aud: read(payload)['aud'], expiration: answer.expiration };
  };

  it('has one audience as a text, and several as a list', async () => {
    const several = ['https://a.example', 'https://b.example'];
    expect(await issue()).toEqual({
      alg: 'ES384',
      aud: 'https://a.example',
      expiration: new Date(now.getTime() + 300_000),
    });
    expect((await issue({ audiences: several })).aud).toEqual(several);
  });

  it('is signed by the algorithm that is asked for', async () => {
    for (const algorithm of ['RS256', 'ES384'] as const) expect((await issue({ algorithm })).alg).toBe(algorithm);
  });

  it('has an actor on record of whom nothing more is proven than its name', async () => {
    const names: Caller[] = [{ name: 'agent', proof: 'jwt' }, ci];
    const request: TokenRequest = { operation: 'IssueToken', audiences, actorToken: new Secret('token') };
    const { record } = await ask(request, { deps: { authenticate: async () => names.pop() as Caller } });
    expect(record).toMatchObject({ caller: 'ci', actor: 'agent', reason: 'ActorNotGranted' });
    for (const field of ['actorIssuer', 'actorSubject']) expect(record).not.toHaveProperty(field);
  });
});

describe('a proof', () => {
  const issuer = (fails: StsError) => ({ issue: () => Promise.reject(fails) }) as unknown as BrokerDeps['issuer'];
  const givenBack = async (fails: StsError) => {
    const given: string[] = [];
    const caller: Caller = {
      ...ci,
      giveBackProof: async () => {
        given.push('ci');
      },
    };
    const deps = { issuer: issuer(fails) } as Partial<BrokerDeps>;
    const { refusal } = await ask({ operation: 'IssueToken', audiences: ['https://a.example'] }, { caller, deps });
    expect(refusal?.code).toBe(fails.code);
    return given;
  };

  it('is given back to whoever acts for itself, if it failed for a while', async () => {
    expect(await givenBack(new StsError('CloudUnavailable'))).toEqual(['ci']);
    expect(await givenBack(new StsError('InvalidParameter'))).toEqual([]);
  });

  it('that is a signature and not valid has on record what was wrong with it, if that is found out', async () => {
    const asked: unknown[] = [];
    const error = new StsError('SignatureMismatch');
    const authenticate = () => Promise.reject(error);
    const diagnose: BrokerDeps['diagnose'] = (thrown, { requestId }) => {
      asked.push([thrown, requestId]);
      return 'BodyChanged';
    };
    const { record, refusal } = await ask({ operation: 'Login' }, { deps: { authenticate, diagnose } });
    expect([record?.outcome, record?.signature, refusal]).toEqual(['SignatureMismatch', 'BodyChanged', error]);
    expect(asked).toEqual([[error, 'request-1']]);
    const { record: undiagnosed } = await ask(
      { operation: 'Login' },
      { deps: { authenticate, diagnose: undefined } as object },
    );
    expect(undiagnosed).not.toHaveProperty('signature');
  });

  it('is looked at with its request, and the record says what was ignored of that', async () => {
    const seen: unknown[] = [];
    const authenticate: BrokerDeps['authenticate'] = async (proof, at, context) => {
      const { ignore, ...rest } = context ?? {};
      seen.push([proof, at, rest]);
      for (const what of ['one', 'other']) ignore?.(what);
      return ci;
    };
    const platform = { gateway: { platform: 'aws', id: 'api' } } as const;
    const incoming = { sourceIp: '192.0.2.1', platform };
    const { record } = await ask({ operation: 'Login' }, { incoming, deps: { authenticate } });
    expect(seen).toStrictEqual([[{ kind: 'none' }, now, { headers: {}, ...incoming }]]);
    expect(record?.ignored).toEqual(['one', 'other']);
    await ask({ operation: 'Login' }, { deps: { authenticate } });
    expect(seen[1]).toStrictEqual([{ kind: 'none' }, now, { headers: {} }]);
    expect((await ask({ operation: 'Login' })).record).not.toHaveProperty('ignored');
  });
});
