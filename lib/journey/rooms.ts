import type { Authenticate } from '../access/authenticate.ts';
import type { Logins } from '../access/callers/login.ts';
import type { Explain } from '../access/explain.ts';
import type { Rules } from '../access/grants/authorize.ts';
import type { Admit } from '../access/rate.ts';
import type { Authority } from '../authority/authority.ts';
import type { Mint } from '../mint/mint.ts';
import type { Patience } from '../mint/source.ts';
import type { AuditLog } from '../sts/audit.ts';
import type { Dialect, Occasion, Upstream } from '../sts/cloud.ts';
import type { StsError } from '../sts/errors.ts';
import type { HttpRequest } from '../sts/http.ts';
import type { LeaseDesk } from '../sts/lease.ts';
import type { Vouched } from '../sts/vouched.ts';

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
