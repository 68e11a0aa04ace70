import type { OpenRecord } from '../core/audit.ts';
import type { Caller } from '../core/caller.ts';
import type { Asked, Dialect } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { TokenRequest } from '../core/requests.ts';
import type { Question } from '../grants/evaluate.ts';
import type { BrokerDeps, IncomingRequest } from './deps.ts';

/** An HTTP request whose caller is proven. */
export interface AuthenticatedRequest {
  readonly deps: BrokerDeps;
  readonly incoming: IncomingRequest;
  readonly dialect: Dialect;
  readonly asked: Asked;
  readonly caller: Caller;
  /** Everyone who was proven so far, the caller first: what each showed is given back if the request fails for a while. */
  readonly proven: Caller[];
  readonly now: Date;
  readonly record: OpenRecord;
}

/** What the grants are asked about a request. */
export const questionOf = <Request extends TokenRequest>(
  { caller, dialect, incoming, now }: AuthenticatedRequest,
  request: Request,
): Question<Request> =>
  omitUndefined({ caller, request, dialect: dialect.id, sourceIp: incoming.sourceIp, now }) as Question<Request>;

/** A part that a configuration may do without. Throws `UnsupportedOperation` if this one does. */
export const configured = <Part>(part: Part | undefined): Part => {
  if (part === undefined) throw new StsError('UnsupportedOperation', 'Nothing here is configured to do this.');
  return part;
};
