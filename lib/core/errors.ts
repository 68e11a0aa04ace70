import type { Cause } from './cause.ts';
import type { DenialReason, DenialTrace } from './denial.ts';
import { faultSiteOf } from './fault-site.ts';
import type { ProofFault } from './proof-fault.ts';

interface ErrorTraits {
  /** HTTP status of the JSON API; each dialect has its own. */
  readonly status: number;
  /** Whose doing it is: what the caller sent, what the cloud did, or how we are set up. */
  readonly fault: 'caller' | 'cloud' | 'broker';
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
  /** One sentence that is true of every error of this code. */
  readonly title: string;
}

const traits =
  (fault: ErrorTraits['fault'], retryable = false) =>
  (status: number, title: string): ErrorTraits => ({ status, fault, retryable, title });

const caller = traits('caller');
const cloud = traits('cloud');
const broker = traits('broker');

/**
 * Every way of saying no. The table is closed: adding a code breaks the build in each dialect until that dialect can
 * say it too.
 */
export const stsErrors = {
  InvalidRequest: caller(400, 'The request cannot be read.'),
  RequestTooLarge: caller(413, 'The request is too large.'),
  NotFound: caller(404, 'Nothing is served at this path.'),
  MethodNotAllowed: caller(405, 'This path takes another method.'),
  MissingOperation: caller(400, 'The request names no operation.'),
  UnknownOperation: caller(400, 'There is no such operation.'),
  UnsupportedOperation: caller(400, 'The system asked for does not have this operation.'),
  UnsupportedVersion: caller(400, 'There is no such API version.'),
  MissingParameter: caller(400, 'A required parameter is missing.'),
  InvalidParameter: caller(400, 'A parameter is not acceptable.'),
  UnknownParameter: caller(400, 'A parameter is not known.'),
  InvalidDuration: caller(400, 'The duration is outside what may be had.'),
  MalformedPolicy: caller(400, 'The policy is not a document of its grammar.'),
  InvalidPolicy: caller(400, 'The policy holds what it may not hold.'),
  InvalidPolicyResource: caller(400, 'A resource of the policy is not of its form.'),
  PolicyTooLarge: caller(400, 'The policy is too large.'),
  Unauthenticated: caller(401, 'The request proves no caller.'),
  MalformedAuthorization: caller(401, 'The proof of who asks cannot be read.'),
  UnknownKey: caller(401, 'The access key is not known.'),
  SignatureMismatch: caller(401, 'The signature does not match.'),
  RequestExpired: caller(401, 'The request was signed too long ago, or in the future.'),
  RequestReplayed: caller(401, 'The request was already received.'),
  InvalidToken: caller(401, 'The session token is not valid.'),
  TokenExpired: caller(401, 'The session token has expired.'),
  InvalidIdentityToken: caller(401, 'The identity token is not valid.'),
  IdentityTokenExpired: caller(401, 'The identity token has expired.'),
  AccessDenied: caller(403, 'This is not allowed.'),
  LeaseNotFound: caller(404, 'There are no valid credentials under this name.'),
  RoleNotFound: caller(404, 'There is no such role.'),
  Throttled: traits('caller', true)(429, 'Too many requests.'),
  CloudRefused: cloud(502, 'The cloud refused for its own reason.'),
  CloudUnavailable: traits('cloud', true)(503, 'The cloud cannot answer now.'),
  CloudUnintelligible: cloud(502, 'The cloud answered without whole credentials.'),
  AccountRefused: broker(502, "The cloud refused the account's own key."),
  Unavailable: traits('broker', true)(503, 'The broker cannot answer now.'),
  Misconfigured: broker(500, 'The broker is set up wrongly.'),
  Internal: broker(500, 'The broker failed.'),
} satisfies Record<string, ErrorTraits>;

export type StsErrorCode = keyof typeof stsErrors;

/** What a cloud said when it refused: its code and request id, never its message, which may quote what we sent. */
export interface UpstreamRefusal {
  readonly status: number;
  readonly code?: string;
  readonly requestId?: string;
}

/** What may be known of a failure. No field can hold a body, a header or a URL, so none can hold a secret. */
export interface StsErrorDetail {
  /** The name of the parameter at fault, as the caller's system spells it. */
  readonly parameter?: string;
  readonly upstream?: UpstreamRefusal;
  readonly retryAfterSeconds?: number;
  /** Of a denial by the grants. */
  readonly reason?: DenialReason;
  /** Of a denial by the grants. For the audit record; callers see it only if the configuration says so. */
  readonly trace?: DenialTrace;
  /** Of a proof that was not accepted. For the audit record alone: no dialect renders it. */
  readonly proofFault?: ProofFault;
  /** Why there was no answer. For the audit record and the log alone. */
  readonly cause?: Cause;
  /** Where it was thrown, if nobody foresaw it. For the audit record and the log alone. */
  readonly faultSite?: string;
  /** Whether the reason and the trace are for the audit record alone, whatever the configuration says. */
  readonly untold?: true;
}

/** The only error type that leaves a module. `message` is a sentence of ours that holds no value of the request. */
export class StsError extends Error {
  override readonly name = 'StsError';
  readonly code: StsErrorCode;
  readonly detail: StsErrorDetail;

  constructor(code: StsErrorCode, message?: string, detail: StsErrorDetail = {}) {
    super(message ?? stsErrors[code].title);
    this.code = code;
    this.detail = detail;
  }

  get traits(): ErrorTraits {
    return stsErrors[this.code];
  }

  /** Whether the same request may succeed later: also after a failure of ours, since what failed may be back by then. */
  get mayPass(): boolean {
    return this.traits.retryable || this.code === 'Internal';
  }

  /** Fails closed: any other error becomes `Internal`; its text goes no further, where it was thrown does. */
  static from(thrown: unknown): StsError {
    if (thrown instanceof StsError) return thrown;
    return new StsError('Internal', undefined, { faultSite: faultSiteOf(thrown) });
  }
}
