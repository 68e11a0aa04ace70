import * as v from 'valibot';
import { upstreams } from '../clouds/catalog.ts';
import type { CloudFacts } from '../core/cloud-facts.ts';
import { accountsOn } from './sections/accounts.ts';
import { audit } from './sections/audit.ts';
import { authorityOn } from './sections/authority.ts';
import { proxies } from './sections/callers/platform.ts';
import { callers, seal } from './sections/callers.ts';
import { events } from './sections/events.ts';
import { grantOn } from './sections/grants.ts';
import { issuer } from './sections/issuer.ts';
import { leases, notify } from './sections/leases.ts';
import { emf, server } from './sections/server.ts';
import { store } from './sections/store.ts';
import { telemetry } from './sections/telemetry.ts';
import { tls } from './sections/tls.ts';
import { described, integer, notFollowed, text } from './values.ts';

const cache = v.strictObject({
  entries: described('The most credentials that one instance keeps.', v.optional(integer(1, 10_000_000), 10_000)),
});

/** As clients write it into the Host header that they sign: no signature would ever be over another spelling. */
const publicHost = v.pipe(
  text,
  v.regex(
    /^([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:\d{1,5})?$/,
    'must be a host in lower case, with a port if it has one: no scheme, no path, no dot at its end',
  ),
);

/** `credmint.config.json`, as it is written, for the clouds that it may name. */
export const configSchemaOf = (clouds: readonly CloudFacts[]) =>
  v.strictObject({
    $schema: described('Where editors find this schema.', v.optional(v.pipe(v.string(), notFollowed))),
    accounts: described('Our identities at the clouds, by name.', v.optional(accountsOn(clouds), {})),
    callers: described('Who may ask, by name, and how they prove it.', v.optional(callers, {})),
    seal: described('What `sealed:` secrets of callers are opened with.', v.optional(seal)),
    proxies: described(
      'Proxies in front of the server that forward the client certificates they have verified.',
      v.optional(proxies),
    ),
    tls: described(
      'What the node server shows in its own handshakes, and whose certificates it asks for.',
      v.optional(tls),
    ),
    grants: described('Who may have what. What no grant allows is refused.', v.optional(v.array(grantOn(clouds)), [])),
    leases: described('Credentials that are kept fresh under a name.', v.optional(leases, {})),
    notify: described('Who is told that a lease is failing, before its credentials end.', v.optional(notify, [])),
    authority: described('The built-in STS.', v.optional(authorityOn(clouds))),
    issuer: described('Our own OIDC issuer.', v.optional(issuer)),
    audit: described('Where the audit trail goes, and how it is chained and signed.', v.optional(audit, {})),
    store: described('Where instances remember together what none of them may forget alone.', v.optional(store)),
    events: described('Mint requests that come as events.', v.optional(events)),
    server: described('How `npm start` serves; functions take nothing from it.', v.optional(server, {})),
    telemetry: described(
      'What a server tells of itself besides `/metrics`; functions take nothing from it.',
      v.optional(telemetry),
    ),
    emf: described('Metrics for CloudWatch, as lines on standard output.', v.optional(emf)),
    publicHosts: described(
      'Names, with ports if they have them, by which callers know this server. If there are any, only signatures over them are valid, or else those over the Host header.',
      v.optional(v.pipe(v.array(publicHost), v.minLength(1))),
    ),
    requireSignedHost: described(
      "Refuses signatures that leave the host out although their scheme can cover it: those of Volcengine's older SDKs.",
      v.optional(v.boolean(), false),
    ),
    cache: described('What is kept in memory.', v.optional(cache, {})),
    explain: described(
      'How much a caller is told of why it was denied; the audit trail always has all of it.',
      v.optional(v.picklist(['none', 'code', 'full']), 'code'),
    ),
  });

/** The same for every cloud that can be called. */
export const configSchema = configSchemaOf(upstreams);

export type WrittenConfig = v.InferOutput<typeof configSchema>;
