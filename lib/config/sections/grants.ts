import * as v from 'valibot';
import type { CloudFacts } from '../../core/cloud-facts.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { mintOperations } from '../../core/requests.ts';
import { claimRule } from '../../grants/claims.ts';
import type { Grant, TokenTerms } from '../../grants/grant.ts';
import { compilePattern } from '../../grants/pattern.ts';
import { compileTemplate, type References, type Template } from '../../grants/template.ts';
import { compileDocument } from '../../grants/template-document.ts';
import { isRegisteredClaim } from '../../issuer/sign-token.ts';
import { addressList } from '../../transport/addresses.ts';
import type { ConfigContext } from '../context.ts';
import { cidr, described, document, integer, name, reference, text, texts } from '../values.ts';
import { idsOf } from './accounts.ts';
import { times, timesOf } from './grant-times.ts';

/** What a grant may allow. */
export const grantOperations = [
  ...mintOperations,
  'GetCallerIdentity',
  'ReadLease',
  'ListLeases',
  'IssueToken',
  'Observe',
] as const;

const operation = v.picklist(grantOperations);

/** One rule that allows callers something. */
export const grantOn = (clouds: readonly CloudFacts[]) =>
  v.strictObject({
    name: described('The name of the grant, for the audit trail.', name),
    callers: described(
      'Names of callers; `session` is every session of the built-in STS, `leases` the service itself when it keeps leases fresh, `lease-reader` whoever shows the token of a lease.',
      v.pipe(v.array(name), v.minLength(1)),
    ),
    dialects: described(
      'The dialects in which the grant may be used; absent is any.',
      v.optional(
        v.array(
          v.picklist([
            'json',
            'oauth',
            ...idsOf(clouds.filter((cloud) => cloud.upstreamOnly !== true)),
            'event',
            'lease',
          ]),
        ),
      ),
    ),
    account: described(
      'The account whose credentials are minted; `issuer` with IssueToken, `console` with Observe.',
      name,
    ),
    operations: described('The operations that are allowed.', v.pipe(v.array(operation), v.minLength(1))),
    roles: described('The roles that may be assumed: exact, or patterns with * and **.', v.optional(v.array(text), [])),
    leases: described(
      'The names of leases that may be read or listed: exact, or patterns with * and **.',
      v.optional(v.array(text), []),
    ),
    token: described(
      'What tokens of our own issuer may be had, with the operation IssueToken.',
      v.optional(
        v.strictObject({
          audiences: described(
            'For whom tokens may be: exact, or patterns with * and **.',
            v.pipe(v.array(text), v.minLength(1)),
          ),
          subject: described(
            "A template for the token's sub; absent is `caller:NAME`, and of a session `session:CALLER/role/ROLE/NAME`.",
            v.optional(text),
          ),
          claims: described('Further claims; their texts are templates.', v.optional(document)),
          actors: described('The callers that may act for another, by an actor_token.', v.optional(v.array(name), [])),
        }),
      ),
    ),
    ownTokens: described(
      'Whether callers that a token of our own issuer proves may use the grant.',
      v.optional(v.boolean(), false),
    ),
    claims: described(
      "What claims of the caller's token must be, by name: the exact text, or a pattern with * and **. All must be met.",
      v.optional(v.record(text, texts), {}),
    ),
    sourceIps: described(
      'Addresses and ranges that requests may come from.',
      v.optional(v.pipe(v.array(cidr), v.minLength(1))),
    ),
    times: described('When the grant is valid.', v.optional(times)),
    acr: described("The token's acr must be one of these.", v.optional(v.pipe(v.array(text), v.minLength(1)))),
    amr: described("The token's amr must have all of these.", v.optional(v.pipe(v.array(text), v.minLength(1)))),
    maxDurationSeconds: described('The longest that credentials may live.', v.optional(integer(1, 604_800))),
    references: described(
      'What the templates of the grant may refer to: caller, sessionName or claims.NAME.',
      v.optional(
        v.record(
          v.string(),
          v.strictObject({
            allow: described(
              'Which of the characters * ? / : and \\\\ the value may have.',
              v.optional(v.string(), ''),
            ),
          }),
        ),
        {},
      ),
    ),
    sessionName: described('A template for the name of the session, whatever the caller asked for.', v.optional(text)),
    policy: described(
      "The session policy, in the grammar of the account's cloud; its texts are templates.",
      v.optional(document),
    ),
    tags: described('Templates for the session tags, by key.', v.optional(v.record(text, text))),
    sourceIdentity: described('A template for the source identity.', v.optional(text)),
    externalId: described('A reference to the ExternalId that is sent with AssumeRole.', v.optional(reference)),
    shareable: described(
      "Whether the grant's callers may be given each other's credentials, minted once for all of them.",
      v.optional(v.boolean(), false),
    ),
    accepts: described(
      'The parts of a request that are left to the caller.',
      v.optional(v.array(v.picklist(['policy', 'tags', 'sourceIdentity', 'secondFactor'])), []),
    ),
    mode: described(
      '`audit` only records what the conditions of the grant would refuse.',
      v.optional(v.picklist(['enforce', 'audit']), 'enforce'),
    ),
  });

/** One grant, as it is written. */
export type WrittenGrant = v.InferOutput<ReturnType<typeof grantOn>>;

/** A grant as it is decided by. */
export const grantOf = (written: WrittenGrant, path: string, context: ConfigContext): Grant => {
  const references: References = new Map(
    Object.entries(written.references).map(([name, { allow }]) => [name, allow] as const),
  );
  for (const name of references.keys()) {
    if (name !== 'caller' && name !== 'sessionName' && !/^claims\../.test(name)) {
      context.fault(`${path}.references`, `has ${name}, which is neither caller, sessionName nor claims.NAME`);
    }
  }
  const template = (clause: string, text: string): Template => {
    const compiled = compileTemplate(text, references);
    if ('parts' in compiled) return compiled;
    context.fault(
      `${path}.${clause}`,
      `refers to ${compiled.unlisted}, which the grant does not list under references`,
    );
    return { parts: [''] };
  };
  const { sessionName, policy, tags, sourceIdentity, externalId, sourceIps } = written;
  return {
    name: written.name,
    callers: new Set(written.callers),
    account: written.account,
    operations: new Set(written.operations),
    roles: written.roles.map(compilePattern),
    leases: written.leases.map(compilePattern),
    claims: Object.entries(written.claims).map(([name, list]) => claimRule(name, list)),
    references,
    accepts: new Set(written.accepts),
    mode: written.mode,
    shareable: written.shareable,
    ...omitUndefined({
      dialects: written.dialects && new Set(written.dialects),
      maxDurationSeconds: written.maxDurationSeconds,
      sourceIps: sourceIps && { list: addressList(sourceIps), written: sourceIps },
      times: written.times && timesOf(written.times),
      acr: written.acr,
      amr: written.amr,
      sessionName: sessionName === undefined ? undefined : template('sessionName', sessionName),
      token:
        written.token &&
        tokenTermsOf(written.token, references, template, (why) => context.fault(`${path}.token.claims`, why)),
      ownTokens: written.ownTokens ? (true as const) : undefined,
      policy: policy && compileDocument(policy, references, (why) => context.fault(`${path}.policy`, why)),
      tags: tags && Object.entries(tags).map(([key, value]) => [key, template(`tags.${key}`, value)] as const),
      sourceIdentity: sourceIdentity === undefined ? undefined : template('sourceIdentity', sourceIdentity),
      externalId: externalId === undefined ? undefined : context.secret(`${path}.externalId`, externalId).reveal(),
    }),
  };
};

const tokenTermsOf = (
  { audiences, subject, claims, actors }: NonNullable<WrittenGrant['token']>,
  references: References,
  template: (clause: string, text: string) => Template,
  complain: (why: string) => void,
): TokenTerms => {
  const taken = Object.keys(claims ?? {}).find((claim) => isRegisteredClaim(claim));
  if (taken !== undefined) complain(`has ${taken}, which is the issuer's to say`);
  return {
    audiences: audiences.map(compilePattern),
    actors: new Set(actors),
    ...omitUndefined({
      subject: subject === undefined ? undefined : template('token.subject', subject),
      claims: claims && compileDocument(claims, references, complain),
    }),
  };
};
