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
import type { Slot } from '../core/slot.ts';
import type { Rules } from '../grants/authorize.ts';
import type { Explain } from '../grants/explained.ts';
import type { Issuer } from '../issuer/issuer.ts';
import type { Deadline } from '../mint/deadline.ts';
import type { Mint } from '../mint/mint.ts';

/** One HTTP request, as the platform read it. */
export interface IncomingRequest extends Deadline {
  readonly request: HttpRequest;
  readonly requestId: string;
  readonly sourceIp?: string;
  /** What the platform vouches for. */
  readonly platform?: PlatformIdentity;
  /** Its place among the requests under way, if they are limited. */
  readonly slot?: Slot;
  /** Why the request cannot be parsed, for instance that it is too large. */
  readonly fault?: StsError;
}

/** What the HTTP journey needs. */
export interface BrokerDeps {
  /** The first that recognizes a request answers it; the first of all answers what none recognizes. */
  readonly dialects: readonly [Dialect, ...Dialect[]];
  readonly authenticate: Authenticate;
  readonly admit: Admit;
  readonly rules: Rules;
  readonly mint: Mint;
  readonly audit: AuditLog;
  readonly clouds: ReadonlyMap<string, Upstream>;
  readonly authority?: Authority;
  /** Our own OIDC issuer. */
  readonly issuer?: Issuer;
  readonly logins?: Logins;
  readonly leases?: LeaseReader;
  readonly publicHosts: readonly string[];
  readonly requireSignedHost: boolean;
  readonly explain: Explain;
  /** A code for what was wrong with a signature that is not valid; absent if the function has no such diagnosis. */
  readonly diagnose?: (error: StsError, context: DialectContext) => string | undefined;
  readonly now: () => Date;
}
