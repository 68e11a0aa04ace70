import type { Authenticate } from './access/authenticate.ts';
import type { Logins } from './access/callers/login.ts';
import { type Explain, explained } from './access/explain.ts';
import { authorizeIdentity, authorizeLease, decide, type Rules } from './access/grants/authorize.ts';
import type { Question } from './access/grants/clauses.ts';
import type { Admit } from './access/rate.ts';
import type { Authority } from './authority/authority.ts';
import type { Mint } from './mint/mint.ts';
import type { Patience } from './mint/source.ts';
import { type AuditLog, type AuditRecord, type OpenRecord, openRecord } from './sts/audit.ts';
import type { Caller } from './sts/caller.ts';
import type { Account, Answer, Asked, Dialect, Occasion, Upstream } from './sts/cloud.ts';
import type { Credentials, Identity } from './sts/credentials.ts';
import { StsError } from './sts/errors.ts';
import type { HttpRequest, HttpResponse } from './sts/http.ts';
import type { LeaseDesk } from './sts/lease.ts';
import { present } from './sts/present.ts';
import type { MintOperation, TokenRequest } from './sts/requests.ts';
import type { Circumstances, Vouched } from './sts/vouched.ts';

/** One request, as it came through the door. */
export interface Visit extends Patience {
  readonly request: HttpRequest;
  readonly requestId: string;
  readonly sourceIp?: string;
  /** What the platform says of it. */
  readonly vouched?: Vouched;
  /** What was wrong with the request before anybody could read it. */
  readonly fault?: StsError;
}

/** The rooms of the house that a visit goes through. */
export interface Rooms {
  /** In the order in which they are asked whether a request is theirs; the first also answers what is nobody's. */
  readonly dialects: readonly [Dialect, ...Dialect[]];
  readonly authenticate: Authenticate;
  readonly admit: Admit;
  readonly rules: Rules;
  readonly mint: Mint;
  readonly audit: AuditLog;
  readonly clouds: ReadonlyMap<string, Upstream>;
  readonly authority?: Authority;
  readonly logins?: Logins;
  readonly leases?: LeaseDesk;
  readonly publicHosts: readonly string[];
  readonly explain: Explain;
  /** What was wrong with a signature that does not count, where the function carries somebody who can tell. */
  readonly diagnose?: (error: StsError, occasion: Occasion) => string | undefined;
  readonly now: () => Date;
}

export type Broker = (visit: Visit) => Promise<HttpResponse>;

/** The whole journey: parse, authenticate, authorize, mint, render; and audit, whatever happened. */
export const createBroker =
  (rooms: Rooms): Broker =>
  async (visit) => {
    const began = rooms.now();
    const { request, requestId } = visit;
    const occasion: Occasion = { request, requestId, now: began, publicHosts: rooms.publicHosts };
    const dialect = rooms.dialects.find((candidate) => candidate.recognizes(request));
    const speaker = dialect ?? rooms.dialects[0];
    const record = openRecord(
      { time: began, requestId, dialect: speaker.id, ...present({ sourceIp: visit.sourceIp }) },
      () => performance.now(),
    );
    let response: HttpResponse | undefined;
    try {
      record.enter('parse');
      if (visit.fault !== undefined) throw visit.fault;
      if (dialect === undefined) throw new StsError('NotFound');
      const asked = dialect.parse(occasion);
      record.note(describe(asked));
      record.enter('authenticate');
      const caller = await rooms.authenticate(asked.proof, began, circumstances(visit, record));
      record.note({
        caller: caller.name,
        proof: caller.proof,
        ...present({ callerKeyId: caller.accessKeyId, wouldRefuse: caller.leniency }),
      });
      rooms.admit(caller, began);
      const answer = await answerTo({ rooms, visit, dialect, asked, caller, now: began, record });
      record.enter('render');
      response = dialect.render(answer, asked.request, occasion);
      record.note({ outcome: 'Done' });
    } catch (thrown) {
      const error = StsError.from(thrown);
      record.note({
        outcome: error.code,
        ...refusalOf(error),
        ...present({ signature: rooms.diagnose?.(error, occasion) }),
      });
      record.enter('render');
      response = sayingWhen(error, speaker.renderError(explained(error, rooms.explain), occasion));
    } finally {
      try {
        await rooms.audit(record.close());
      } catch {
        // No record, no credentials.
        response = speaker.renderError(new StsError('Internal', 'The audit record cannot be written.'), occasion);
      }
    }
    return response;
  };

/** Whatever the words, when to come back is said where every HTTP client looks for it (RFC 9110, 10.2.3). */
const sayingWhen = ({ detail }: StsError, response: HttpResponse): HttpResponse =>
  detail.retryAfterSeconds === undefined
    ? response
    : { ...response, headers: { ...response.headers, 'retry-after': String(detail.retryAfterSeconds) } };

/** What authentication may look at besides the proof; what it does not look at is written down. */
const circumstances = ({ request, sourceIp, vouched }: Visit, record: OpenRecord): Circumstances => {
  const ignored: string[] = [];
  const ignore = (what: string): void => {
    ignored.push(what);
    record.note({ ignored });
  };
  return { headers: request.headers, ignore, ...present({ sourceIp, vouched }) };
};

const describe = ({ request, proof }: Asked): Partial<AuditRecord> =>
  present({
    operation: request.operation,
    scheme: proof.kind === 'signature' ? proof.scheme : undefined,
    askedDurationSeconds: 'durationSeconds' in request ? request.durationSeconds : undefined,
    role: 'role' in request ? request.role : undefined,
    lease: 'lease' in request ? request.lease : undefined,
    sessionName: 'sessionName' in request ? request.sessionName : 'name' in request ? request.name : undefined,
  });

const refusalOf = ({ detail }: StsError): Partial<AuditRecord> =>
  present({ upstream: detail.upstream, reason: detail.reason, trace: detail.trace, proofFault: detail.proofFault });

/** One request on its way, once it is known who asks. */
interface Errand {
  readonly rooms: Rooms;
  readonly visit: Visit;
  readonly dialect: Dialect;
  readonly asked: Asked;
  readonly caller: Caller;
  readonly now: Date;
  readonly record: OpenRecord;
}

const question = <Request extends TokenRequest>(errand: Errand, request: Request): Question<Request> =>
  present({
    caller: errand.caller,
    request,
    dialect: errand.dialect.id,
    sourceIp: errand.visit.sourceIp,
    now: errand.now,
  }) as Question<Request>;

const answerTo = async (errand: Errand): Promise<Answer> => {
  const { rooms, caller, now } = errand;
  const { request, proof } = errand.asked;
  switch (request.operation) {
    case 'GetCallerIdentity':
      return { kind: 'identity', identity: await identityOf(errand, request) };
    case 'Login':
      return { kind: 'login', token: part(rooms.logins).begin(caller, now), user: caller.name };
    case 'Logout':
      if (proof.kind === 'login') await part(rooms.logins).end(proof.token, now);
      return { kind: 'logout', user: caller.name };
    case 'ReadLease':
      return leaseFor(errand, request);
    default:
      return mintFor(errand, request);
  }
};

const mintFor = async (errand: Errand, request: TokenRequest<MintOperation>): Promise<Answer> => {
  const { rooms, caller, record } = errand;
  record.enter('authorize');
  const { allowed, leniency } = decide(rooms.rules, question(errand, request));
  const { account: name, grant, durationSeconds } = allowed;
  const account = part(rooms.rules.accounts.get(name));
  record.note({ grant, account: name, cloud: account.cloud, durationSeconds });
  if (leniency !== undefined) record.note({ wouldRefuse: [...(caller.leniency ?? []), ...leniency.trace] });
  record.enter('mint');
  const minted = await rooms.mint.credentials(allowed, errand.visit);
  record.note({
    accessKeyId: minted.accessKeyId,
    expiration: minted.expiration,
    ...(minted.upstreamRequestId === undefined ? {} : { upstream: { requestId: minted.upstreamRequestId } }),
  });
  const credentials =
    request.operation === 'AssumeRoleWithWebIdentity' ? { webIdentity: webIdentityOf(caller), ...minted } : minted;
  return said(errand, credentials, account);
};

/** Credentials, with what the tools of their cloud would read them from. */
const said = ({ rooms, dialect }: Errand, credentials: Credentials, account: Account): Answer => {
  const cloud = rooms.clouds.get(account.cloud) ?? rooms.clouds.get(dialect.id) ?? rooms.clouds.get('aws');
  return {
    kind: 'credentials',
    credentials,
    account: account.name,
    cloud: account.cloud,
    // Written when asked for: most answers are in a system's own words.
    get variables() {
      return cloud?.variables(credentials, account) ?? [];
    },
  };
};

/** What is kept under a name. The grants hear which account it is of; whoever they refuse does not learn if it exists. */
const leaseFor = async (errand: Errand, request: TokenRequest<'ReadLease'>): Promise<Answer> => {
  const { rooms, caller, now, record } = errand;
  const desk = part(rooms.leases);
  record.enter('authorize');
  const account = rooms.rules.accounts.get(desk.accountOf(request.lease) ?? '');
  const asked = present({ ...request, account: account?.name });
  const { grant, leniency } = authorizeLease(rooms.rules, question(errand, asked));
  record.note({ grant: grant.name, ...present({ account: account?.name, cloud: account?.cloud }) });
  if (leniency !== undefined) record.note({ wouldRefuse: [...(caller.leniency ?? []), ...leniency.trace] });
  record.enter('mint');
  const reading = await desk.read(request.lease, now);
  if (reading.kind !== 'credentials' || account === undefined) {
    throw new StsError(
      'LeaseNotFound',
      undefined,
      reading.kind === 'awaited' ? { retryAfterSeconds: reading.seconds } : {},
    );
  }
  const { accessKeyId, expiration } = reading.credentials;
  record.note({ accessKeyId, expiration });
  return said(errand, reading.credentials, account);
};

/** What we made of the identity token, for the reply that says so. */
const webIdentityOf = ({ claims = {} }: Caller) => {
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const { sub, aud, iss } = claims;
  return present({ subject: text(sub) ?? '', audience: text(Array.isArray(aud) ? aud[0] : aud), provider: text(iss) });
};

const identityOf = (errand: Errand, request: TokenRequest<'GetCallerIdentity'>): Promise<Identity> | Identity => {
  const { rooms, caller, dialect, visit, record } = errand;
  // Who a caller is here is said from what was proven here; no cloud is asked to vouch for anybody.
  if (request.account === undefined) return part(rooms.authority).identify(caller, dialect.id);
  record.enter('authorize');
  const account = authorizeIdentity(rooms.rules, question(errand, request));
  record.note({ account: account.name, cloud: account.cloud });
  record.enter('mint');
  if (account.cloud === 'authority') return part(rooms.authority).identify(caller, dialect.id);
  return rooms.mint.identity(account, visit);
};

/** A room that this house may have been built without. */
const part = <Room>(room: Room | undefined): Room => {
  if (room === undefined) throw new StsError('UnsupportedOperation', 'Nothing here is configured to do this.');
  return room;
};
