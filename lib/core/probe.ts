import type { HttpRequest, HttpResponse } from './http.ts';

/** What a system can be asked so that it shows what it can. */
export type ProbeName =
  | 'NoSuchOperation'
  | 'GetCallerIdentity'
  | 'AssumeRole'
  | 'AssumeRole with a policy'
  | 'AssumeRole with a malformed policy'
  | 'AssumeRole of a role that does not exist'
  | 'GetFederationToken'
  | 'GetSessionToken';

/** A question by which a system shows what it can. It changes nothing; what it obtains is short-lived, and is dropped. */
export interface Probe {
  readonly name: ProbeName;
  readonly request: HttpRequest;
  /** Throws an StsError if the answer is a refusal. */
  read(response: HttpResponse): void;
}
