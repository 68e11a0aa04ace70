import { withRecord } from '../audit/with-record.ts';
import type { BrokerDeps } from '../broker/deps.ts';
import { identifyCaller } from '../broker/identify-caller.ts';
import { fieldsOfViolations } from '../broker/record-fields.ts';
import { proofOf } from '../clouds/json/proof.ts';
import type { OpenRecord, RecordStart } from '../core/audit.ts';
import type { Caller } from '../core/caller.ts';
import type { DialectContext } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';
import type { HttpRequest } from '../core/http.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { consoleAccount, type TokenRequest } from '../core/requests.ts';
import { authorizeObserver } from '../grants/authorize-reading.ts';
import { type RawRequest, readRequest } from '../platform/raw-request.ts';
import type { Session, Sessions, Viewer } from './sessions.ts';

/** What admitting a viewer needs. */
export interface AdmissionDeps {
  /** Of the configuration that is served now. */
  readonly broker: () => Pick<
    BrokerDeps,
    'authenticate' | 'admit' | 'rules' | 'audit' | 'publicHosts' | 'requireSignedHost' | 'now'
  >;
  readonly sessions: Sessions;
}

/** Someone who may look; `begun` is what the cookie of a session holds that this request began. */
export interface Admitted extends Session {
  readonly begun?: string;
}

/** Admits viewers. Each method rejects with an StsError if a viewer is not admitted. */
export interface Admission {
  /** By the session of its cookie, or by a proof, which begins a session. */
  viewer(raw: RawRequest, requestId: string, signal: AbortSignal): Promise<Admitted>;
  /** By a one-time code, which begins a session. */
  byCode(code: string, raw: RawRequest, requestId: string, signal: AbortSignal): Promise<Admitted>;
  /** A one-time code for whoever proves itself by this request. */
  codeFor(raw: RawRequest, requestId: string, signal: AbortSignal): Promise<string>;
  /** Whether a session that was admitted may still look. */
  stillAdmits(session: Session, sourceIp: string | undefined): boolean;
}

/** How long a one-time code that was asked for may be used, in seconds. */
const codeSeconds = 300;

export const cookieName = 'credmint_console';

const request: TokenRequest<'Observe'> = { operation: 'Observe', account: consoleAccount };
// It is asked as the JSON API is, and proven by the same means.
const dialect = 'json';

/** Admits whom a grant with the operation `Observe` admits, by the proofs of the JSON API. Each session is on record. */
export const admission = ({ broker, sessions }: AdmissionDeps): Admission => {
  const authorize = (caller: Caller, sourceIp: string | undefined) => {
    const { rules, now } = broker();
    return authorizeObserver(rules, { caller, request, dialect, now: now(), ...omitUndefined({ sourceIp }) });
  };

  /** Proves the caller, and asks the grants. */
  const admitted = async (
    prove: () => Caller | Promise<Caller>,
    record: OpenRecord,
    sourceIp: string | undefined,
  ): Promise<Viewer> => {
    const caller = await identifyCaller(request, prove, record);
    const { admit, now } = broker();
    admit(caller, now());
    record.enter('authorize');
    const { grant, auditOnlyViolations } = authorize(caller, sourceIp);
    record.note({ grant: grant.name, account: consoleAccount });
    record.note(fieldsOfViolations(caller, auditOnlyViolations));
    const { name, proof, claims, byOwnIssuer } = caller;
    return omitUndefined({ name, proof, claims, byOwnIssuer });
  };

  const onRecord = <Result>(
    raw: RawRequest,
    requestId: string,
    signal: AbortSignal,
    act: (record: OpenRecord) => Promise<Result>,
  ): Promise<Result> => {
    const { audit, now } = broker();
    const start: RecordStart = { time: now(), requestId, dialect, ...omitUndefined({ sourceIp: raw.sourceIp }) };
    return withRecord(start, act, { signal }, { audit });
  };

  const begin = async (viewer: Viewer): Promise<Admitted> => {
    const begun = await sessions.begin(viewer);
    if (begun === undefined) throw new StsError('Unavailable', 'The store keeps no session now.');
    return { ...begun.session, begun: begun.id };
  };

  const byProof = (raw: RawRequest, record: OpenRecord): Promise<Viewer> =>
    admitted(() => prove(raw, broker()), record, raw.sourceIp);

  return {
    viewer: async (raw, requestId, signal) => {
      const id = cookieOf(raw);
      const session = id === undefined ? undefined : await sessions.read(id);
      if (session !== undefined) {
        authorize(session.viewer, raw.sourceIp);
        return session;
      }
      return onRecord(raw, requestId, signal, async (record) => begin(await byProof(raw, record)));
    },
    byCode: (code, raw, requestId, signal) =>
      onRecord(raw, requestId, signal, async (record) => {
        const viewer = await admitted(
          async () => {
            const found = await sessions.redeem(code);
            if (found === undefined) throw new StsError('Unauthenticated', 'The link was used already, or is over.');
            return found;
          },
          record,
          raw.sourceIp,
        );
        return begin(viewer);
      }),
    codeFor: (raw, requestId, signal) =>
      onRecord(raw, requestId, signal, async (record) => {
        const code = await sessions.newCode(await byProof(raw, record), codeSeconds);
        if (code === undefined) throw new StsError('Unavailable', 'The store keeps no code now.');
        return code;
      }),
    stillAdmits: (session, sourceIp) => {
      if (!sessions.lasts(session)) return false;
      try {
        authorize(session.viewer, sourceIp);
        return true;
      } catch {
        return false;
      }
    },
  };
};

const prove = (
  raw: RawRequest,
  { authenticate, publicHosts, requireSignedHost, now }: ReturnType<AdmissionDeps['broker']>,
) => {
  const { request: read, fault } = readRequest(raw);
  if (fault !== undefined) throw fault;
  const at = now();
  const context: DialectContext = { request: read, requestId: '', now: at, publicHosts, requireSignedHost };
  return authenticate(proofOf(context, false), at, requestContextOf(raw, read));
};

const requestContextOf = ({ sourceIp, platform }: RawRequest, { headers }: HttpRequest) => ({
  headers,
  ...omitUndefined({ sourceIp, platform }),
});

const cookieOf = ({ headers }: RawRequest): string | undefined => {
  // Names of cookies come in the headers' own order; of two of one name, neither is believed.
  const values = (headers['cookie'] ?? '')
    .split(/[;,]/)
    .map((one) => one.trim())
    .flatMap((one) => (one.startsWith(`${cookieName}=`) ? [one.slice(cookieName.length + 1)] : []));
  return values.length === 1 && /^[\w-]{43}$/.test(values[0] ?? '') ? values[0] : undefined;
};
