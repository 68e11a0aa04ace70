import type { Authenticate } from '../auth/authenticate.ts';
import type { Logins } from '../auth/keys/logins.ts';
import type { Admit } from '../auth/rate-limit.ts';
import type { Authority } from '../authority/authority.ts';
import type { AuditLog } from '../core/audit.ts';
import type { Dialect, DialectContext, Upstream } from '../core/cloud.ts';
import type { StsError } from '../core/errors.ts';
import type { HttpRequest } from '../core/http.ts';
import type { LeaseReader } from '../core/lease-reader.ts';
import type { PlatformIdentity } from '../core/platform-identity.ts';
import type { Rules } from '../grants/authorize.ts';
import type { Explain } from '../grants/explained.ts';
import type { Deadline } from '../mint/cloud-source.ts';
import type { Mint } from '../mint/mint.ts';

/** One request, as it came through the door. */
export interface IncomingRequest extends Deadline {
  readonly request: HttpRequest;
  readonly requestId: string;
  readonly sourceIp?: string;
  /** What the platform says of it. */
  readonly platform?: PlatformIdentity;
  /** What was wrong with the request before anybody could read it. */
  readonly fault?: StsError;
}

/** The rooms of the house that a visit goes through. */
export interface BrokerDeps {
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
  readonly leases?: LeaseReader;
  readonly publicHosts: readonly string[];
  readonly explain: Explain;
  /** What was wrong with a signature that does not count, where the function carries somebody who can tell. */
  readonly diagnose?: (error: StsError, context: DialectContext) => string | undefined;
  readonly now: () => Date;
}
