import type { DenialReason, DenialTrace } from './denial.ts';
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

/**
 * Every way of saying no. The table is closed: adding a code breaks the build in each dialect until that dialect can
 * say it too.
 */
export const stsErrors = {
  InvalidRequest: { status: 400, fault: 'caller', retryable: false, title: 'The request cannot be read.' },
  RequestTooLarge: { status: 413, fault: 'caller', retryable: false, title: 'The request is too large.' },
  NotFound: { status: 404, fault: 'caller', retryable: false, title: 'Nothing is served at this path.' },
  MethodNotAllowed: { status: 405, fault: 'caller', retryable: false, title: 'This path takes another method.' },
  MissingOperation: { status: 400, fault: 'caller', retryable: false, title: 'The request names no operation.' },
  UnknownOperation: { status: 400, fault: 'caller', retryable: false, title: 'There is no such operation.' },
  UnsupportedOperation: {
    status: 400,
    fault: 'caller',
    retryable: false,
    title: 'The system asked for does not have this operation.',
  },
  UnsupportedVersion: { status: 400, fault: 'caller', retryable: false, title: 'There is no such API version.' },
  MissingParameter: { status: 400, fault: 'caller', retryable: false, title: 'A required parameter is missing.' },
  InvalidParameter: { status: 400, fault: 'caller', retryable: false, title: 'A parameter is not acceptable.' },
  UnknownParameter: { status: 400, fault: 'caller', retryable: false, title: 'A parameter is not known.' },
  InvalidDuration: {
    status: 400,
    fault: 'caller',
    retryable: false,
    title: 'The duration is outside what may be had.',
  },
  MalformedPolicy: {
    status: 400,
    fault: 'caller',
    retryable: false,
    title: 'The policy is not a document of its grammar.',
  },
  InvalidPolicy: { status: 400, fault: 'caller', retryable: false, title: 'The policy holds what it may not hold.' },
  InvalidPolicyResource: {
    status: 400,
    fault: 'caller',
    retryable: false,
    title: 'A resource of the policy is not of its form.',
  },
  PolicyTooLarge: { status: 400, fault: 'caller', retryable: false, title: 'The policy is too large.' },
  Unauthenticated: { status: 401, fault: 'caller', retryable: false, title: 'The request proves no caller.' },
  MalformedAuthorization: {
    status: 401,
    fault: 'caller',
    retryable: false,
    title: 'The proof of who asks cannot be read.',
  },
  UnknownKey: { status: 401, fault: 'caller', retryable: false, title: 'The access key is not known.' },
  SignatureMismatch: { status: 401, fault: 'caller', retryable: false, title: 'The signature does not match.' },
  RequestExpired: {
    status: 401,
    fault: 'caller',
    retryable: false,
    title: 'The request was signed too long ago, or in the future.',
  },
  RequestReplayed: { status: 401, fault: 'caller', retryable: false, title: 'The request was already received.' },
  InvalidToken: { status: 401, fault: 'caller', retryable: false, title: 'The session token is not valid.' },
  TokenExpired: { status: 401, fault: 'caller', retryable: false, title: 'The session token has expired.' },
  InvalidIdentityToken: {
    status: 401,
    fault: 'caller',
    retryable: false,
    title: 'The identity token is not valid.',
  },
  IdentityTokenExpired: {
    status: 401,
    fault: 'caller',
    retryable: false,
    title: 'The identity token has expired.',
  },
  AccessDenied: { status: 403, fault: 'caller', retryable: false, title: 'This is not allowed.' },
  RoleNotFound: { status: 404, fault: 'caller', retryable: false, title: 'There is no such role.' },
  Throttled: { status: 429, fault: 'caller', retryable: true, title: 'Too many requests.' },
  CloudRefused: { status: 502, fault: 'cloud', retryable: false, title: 'The cloud refused for its own reason.' },
  CloudUnavailable: { status: 503, fault: 'cloud', retryable: true, title: 'The cloud cannot answer now.' },
  CloudUnintelligible: {
    status: 502,
    fault: 'cloud',
    retryable: false,
    title: 'The cloud answered without whole credentials.',
  },
  AccountRefused: {
    status: 502,
    fault: 'broker',
    retryable: false,
    title: "The cloud refused the account's own key.",
  },
  Misconfigured: { status: 500, fault: 'broker', retryable: false, title: 'The broker is set up wrongly.' },
  Internal: { status: 500, fault: 'broker', retryable: false, title: 'The broker failed.' },
} as const satisfies Record<string, ErrorTraits>;

export type StsErrorCode = keyof typeof stsErrors;

/** What a cloud said when it said no: its code and request id, never its prose, which may quote what we sent. */
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
  /** Of a denial by the grants. For the audit record; callers see it only where the configuration says so. */
  readonly trace?: DenialTrace;
  /** Of a proof that was none. For the audit record alone: no dialect says it. */
  readonly proofFault?: ProofFault;
}

/** The one error of this house. `message` is a sentence of ours that holds no value of the request. */
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

  /** Fails closed: what is not ours becomes `Internal`, and its text goes no further. */
  static from(thrown: unknown): StsError {
    return thrown instanceof StsError ? thrown : new StsError('Internal');
  }
}
