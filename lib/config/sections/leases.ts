import * as v from 'valibot';
import { distinctName } from '../../core/distinct-name.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Secret } from '../../core/secret.ts';
import type { Lease, LeaseSettings } from '../../leases/lease.ts';
import type { ConfigContext } from '../context.ts';
import { described, document, integer, name, reference, text } from '../values.ts';
import { delivery, deliveryOf, webhookMembers } from './deliveries.ts';

const commonMembers = {
  account: described('The account whose credentials are kept fresh.', name),
  durationSeconds: described('How long each credential is to live.', v.optional(integer(60, 604_800))),
  policy: described("The session policy, in the grammar of the account's cloud.", v.optional(document)),
  tags: described('Session tags, by key.', v.optional(v.record(text, text))),
  deliver: described('Where the credentials are delivered besides the store.', v.optional(v.array(delivery), [])),
  readToken: described(
    'A reference to a token of at least 32 characters that readers of this lease may show: `lease-reader` to the grants.',
    v.optional(reference),
  ),
};

const sessionName = v.pipe(
  v.string(),
  v.regex(/^[\w+=,.@-]{1,64}$/, 'must be a name of letters, digits, _ + = , . @ -'),
);

const lease = v.variant('operation', [
  v.strictObject({
    operation: described('How the credentials are minted.', v.literal('AssumeRole')),
    role: described('The role to assume, as the cloud spells it.', text),
    sessionName: described("The name of the session; absent is the lease's own.", v.optional(sessionName)),
    ...commonMembers,
  }),
  v.strictObject({
    operation: described('How the credentials are minted.', v.literal('GetFederationToken')),
    name: described("The name of the federated user; absent is the lease's own.", v.optional(sessionName)),
    ...commonMembers,
  }),
]);

type WrittenLease = v.InferOutput<typeof lease>;

/** Credentials to keep fresh, by name. */
export const leases = v.record(name, lease);

/** Who is told that a lease is failing, before its credentials end. */
export const notify = v.array(
  v.strictObject({ kind: described('A signed POST.', v.literal('webhook')), ...webhookMembers }),
);

/** The leases of a configuration, and who is told if one fails. */
export const leasesOf = (
  written: v.InferOutput<typeof leases>,
  notified: v.InferOutput<typeof notify>,
  context: ConfigContext,
): LeaseSettings => ({
  leases: new Map(Object.entries(written).map(([name, each]) => [name, leaseOf(name, each, context)])),
  notify: notified.map(({ url, secret }, index) => ({
    kind: 'webhook',
    url: new URL(url),
    secret: context.secret(`notify.${index}.secret`, secret),
  })),
});

const leaseOf = (name: string, written: WrittenLease, context: ConfigContext): Lease => {
  const path = `leases.${name}`;
  const { account, readToken, deliver } = written;
  return {
    name,
    account,
    request: requestOf(name, written),
    deliveries: deliver.map((each, index) => deliveryOf(each, `${path}.deliver.${index}`, context)),
    ...omitUndefined({
      readToken: readToken === undefined ? undefined : readTokenOf(readToken, `${path}.readToken`, context),
    }),
  };
};

const requestOf = (lease: string, written: WrittenLease): Lease['request'] => {
  const { account, durationSeconds, policy, tags } = written;
  const common = omitUndefined({
    account,
    durationSeconds,
    policy: policy && JSON.stringify(policy),
    tags: tags && Object.entries(tags).map(([key, value]) => ({ key, value })),
  });
  if (written.operation === 'AssumeRole') {
    return { operation: 'AssumeRole', role: written.role, sessionName: written.sessionName ?? lease, ...common };
  }
  // Clouds take no more than 32 characters for a federated user's name.
  return { operation: 'GetFederationToken', name: written.name ?? distinctName(lease, { maxLength: 32 }), ...common };
};

/** It has no dot, so that it is told from a JWT by its form alone. */
const readTokenOf = (reference: string, path: string, { secret, fault }: ConfigContext): Secret => {
  const token = secret(path, reference);
  const text = token.reveal();
  // A reference that leads nowhere has its fault already.
  if (text !== '' && !/^[A-Za-z0-9_~+/=-]{32,1024}$/.test(text)) {
    fault(path, 'must refer to at least 32 characters, of letters, digits, _ ~ + / = -');
  }
  return token;
};
