import { withRecord } from '../audit/with-record.ts';
import { admitCaller } from '../broker/admit-caller.ts';
import type { BrokerDeps } from '../broker/deps.ts';
import { givingBackProofs } from '../broker/giving-back-proofs.ts';
import { identifyCaller } from '../broker/identify-caller.ts';
import { proveCaller } from '../broker/prove-caller.ts';
import { fieldsOfViolations } from '../broker/record-fields.ts';
import { proofOf } from '../clouds/json/proof.ts';
import type { OpenRecord, RecordStart } from '../core/audit.ts';
import type { Caller } from '../core/caller.ts';
import type { DialectContext } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { consoleAccount, type TokenRequest } from '../core/requests.ts';
import { authorizeObserver } from '../grants/authorize-reading.ts';
import { type RawRequest, readRequest } from '../platform/raw-request.ts';
import { type Session, type Sessions, type Viewer, viewerOf } from './sessions.ts';

/** What admitting a viewer needs. */
export interface AdmissionDeps {
  /** Of the configuration that is served now. */
  readonly broker: () => Pick<
    BrokerDeps,
    'authenticate' | 'diagnose' | 'admit' | 'rules' | 'audit' | 'publicHosts' | 'requireSignedHost' | 'now'
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

/** What an admission is recorded in, and whom it has proven. */
interface Admitting {
  readonly record: OpenRecord;
  readonly proven: Caller[];
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
    { sourceIp, slot }: RawRequest,
    { record, proven }: Admitting,
  ): Promise<Viewer> => {
    const caller = await identifyCaller(request, prove, record);
    proven.push(caller);
    const served = broker();
    admitCaller(caller, omitUndefined({ slot }), served.now(), served);
    record.enter('authorize');
    const { grant, auditOnlyViolations } = authorize(caller, sourceIp);
    record.note({ grant: grant.name, account: consoleAccount });
    record.note(fieldsOfViolations(caller, auditOnlyViolations));
    return viewerOf(caller);
  };

  const onRecord = <Result>(
    raw: RawRequest,
    requestId: string,
    signal: AbortSignal,
    act: (admitting: Admitting) => Promise<Result>,
  ): Promise<Result> => {
    const { audit, now } = broker();
    const start: RecordStart = { time: now(), requestId, dialect, ...omitUndefined({ sourceIp: raw.sourceIp }) };
    return givingBackProofs((proven) => withRecord(start, (record) => act({ record, proven }), { signal }, { audit }));
  };

  const begin = async (viewer: Viewer): Promise<Admitted> => {
    const begun = await sessions.begin(viewer);
    if (begun === undefined) throw new StsError('Unavailable', 'The store keeps no session now.');
    return { ...begun.session, begun: begun.id };
  };

  const byProof = (raw: RawRequest, admitting: Admitting): Promise<Viewer> =>
    admitted(() => prove(raw, admitting.record, broker()), raw, admitting);

  return {
    viewer: async (raw, requestId, signal) => {
      const id = cookieOf(raw);
      const session = id === undefined ? undefined : await sessions.read(id);
      if (session !== undefined) {
        authorize(session.viewer, raw.sourceIp);
        return session;
      }
      return onRecord(raw, requestId, signal, async (admitting) => begin(await byProof(raw, admitting)));
    },
    byCode: (code, raw, requestId, signal) =>
      onRecord(raw, requestId, signal, async (admitting) => {
        const viewer = await admitted(
          async () => {
            const found = await sessions.redeem(code);
            if (found === undefined) throw new StsError('Unauthenticated', 'The link was used already, or is over.');
            return found;
          },
          raw,
          admitting,
        );
        return begin(viewer);
      }),
    codeFor: (raw, requestId, signal) =>
      onRecord(raw, requestId, signal, async (admitting) => {
        const code = await sessions.newCode(await byProof(raw, admitting), codeSeconds);
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

const prove = (raw: RawRequest, record: OpenRecord, served: ReturnType<AdmissionDeps['broker']>): Promise<Caller> => {
  const { request: read, fault } = readRequest(raw);
  if (fault !== undefined) throw fault;
  const { publicHosts, requireSignedHost, now } = served;
  const context: DialectContext = { request: read, requestId: '', now: now(), publicHosts, requireSignedHost };
  const { sourceIp, platform } = raw;
  const incoming = { request: read, ...omitUndefined({ sourceIp, platform }) };
  return proveCaller(proofOf(context, false), incoming, context, record, served);
};

const cookieOf = ({ headers }: RawRequest): string | undefined => {
  // Names of cookies come in the headers' own order; of two of one name, neither is believed.
  const values = (headers['cookie'] ?? '')
    .split(/[;,]/)
    .map((one) => one.trim())
    .flatMap((one) => (one.startsWith(`${cookieName}=`) ? [one.slice(cookieName.length + 1)] : []));
  return values.length === 1 && /^[\w-]{43}$/.test(values[0] ?? '') ? values[0] : undefined;
};
