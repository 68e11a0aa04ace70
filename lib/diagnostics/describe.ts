import type { WrittenConfig } from '../config/schema.ts';
import type { WrittenGrant } from '../config/sections/grants.ts';

const list = (items: readonly string[], last = 'and'): string =>
  items.length < 2 ? (items[0] ?? 'nothing') : `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;

const conditionsOf = (grant: WrittenGrant): string[] => {
  const { times } = grant;
  return [
    ...Object.entries(grant.claims).map(([name, patterns]) => `its claim ${name} is ${list(patterns, 'or')}`),
    grant.dialects && `it asks by ${list(grant.dialects, 'or')}`,
    grant.sourceIps && `it comes from ${list(grant.sourceIps, 'or')}`,
    grant.acr && `its token says acr ${list(grant.acr, 'or')}`,
    grant.amr && `its token says amr ${list(grant.amr)}`,
    times?.from && `it is ${times.from} or later`,
    times?.until && `it is before ${times.until}`,
    times?.daily && `it is between ${times.daily.begins} and ${times.daily.ends} UTC`,
    times?.days && `it is ${list(times.days, 'or')}`,
  ].filter((text): text is string => typeof text === 'string');
};

const shapeOf = (grant: WrittenGrant): string[] =>
  [
    grant.token && `for the audience ${list(grant.token.audiences, 'or')}`,
    grant.token && grant.token.actors.length > 0 && `with ${list(grant.token.actors, 'or')} acting for them`,
    grant.maxDurationSeconds && `for at most ${grant.maxDurationSeconds} seconds`,
    grant.sessionName && `under the session name ${grant.sessionName}`,
    grant.policy && "narrowed by the grant's policy",
    grant.tags && `tagged ${list(Object.keys(grant.tags))}`,
    grant.accepts.length > 0 && `with ${list(grant.accepts)} of the caller's own`,
  ].filter((text): text is string => typeof text === 'string');

/** Who may have what by one grant, in a sentence. */
export const describeGrant = (grant: WrittenGrant, accounts: WrittenConfig['accounts']): string => {
  const cloud =
    accounts[grant.account]?.cloud ??
    (grant.operations.includes('Observe')
      ? 'the page of this server'
      : grant.token === undefined
        ? 'no known cloud'
        : 'our own OIDC issuer');
  const roles = grant.roles.length === 0 ? '' : ` of ${list(grant.roles, 'or')}`;
  const conditions = conditionsOf(grant);
  const when = conditions.length === 0 ? '' : `, when ${list(conditions)}`;
  const shape = shapeOf(grant);
  const how = shape.length === 0 ? '' : `, ${list(shape)}`;
  const mode = grant.mode === 'audit' ? ' Conditions are recorded and not enforced (audit mode).' : '';
  return `${list(grant.callers, 'or')} may have ${list(grant.operations, 'or')}${roles} in the account ${grant.account} (${cloud})${when}${how}.${mode}`;
};
