import type { DenialReason } from '../core/denial.ts';
import { StsError } from '../core/errors.ts';
import type { MintOperation, Operations } from '../core/requests.ts';
import type { CallersPart, Grant } from './grant.ts';
import { refuse } from './refuse.ts';

type Granted = MintOperation | 'IssueToken';

/** Every member that a request for credentials or a token may have. */
type Field = { [Op in Granted]: keyof Operations[Op] }[Granted];

/**
 * What allows each member of a request: a part that the grant must accept, or `grant`, whose other clauses or whose own
 * value settle it. A member that is not in the list goes nowhere, and a new one does not compile until it is.
 */
const allowedBy: Readonly<Record<Field, CallersPart | 'grant' | 'nothing'>> = {
  operation: 'grant',
  account: 'grant',
  role: 'grant',
  sessionName: 'grant',
  name: 'grant',
  durationSeconds: 'grant',
  defaultDurationSeconds: 'grant',
  minimumRemainingSeconds: 'grant',
  webIdentityToken: 'grant',
  providerId: 'grant',
  audiences: 'grant',
  actorToken: 'grant',
  algorithm: 'grant',
  policy: 'policy',
  policyArns: 'policy',
  tags: 'tags',
  // Which tags go on to the next role is as much as a tag there.
  transitiveTagKeys: 'tags',
  sourceIdentity: 'sourceIdentity',
  // Sent under the key of the account, it is the account's second factor that the caller tries.
  serialNumber: 'secondFactor',
  tokenCode: 'secondFactor',
  externalId: 'nothing',
};

const reasons: Readonly<Record<CallersPart | 'nothing', DenialReason>> = {
  policy: 'PolicyNotAccepted',
  tags: 'TagsNotAccepted',
  sourceIdentity: 'SourceIdentityNotAccepted',
  secondFactor: 'SecondFactorNotAccepted',
  nothing: 'ExternalIdNotAccepted',
};

/** What is between the authority and those who ask it, as they would ask any other STS. */
const ownAffairs: ReadonlySet<string> = new Set(['externalId', 'serialNumber', 'tokenCode']);

const isField = (name: string): name is Field => Object.hasOwn(allowedBy, name);

/** Refuses a request with a member that the grant does not accept from its callers. */
export const refuseUnaccepted = (grant: Grant, request: object, inProcess = false): void => {
  for (const [name, value] of Object.entries(request)) {
    if (value === undefined || (inProcess && ownAffairs.has(name))) continue;
    if (!isField(name)) throw new StsError('UnknownParameter', 'The request has a member that no grant allows.');
    const part = allowedBy[name];
    if (part === 'grant' || (part !== 'nothing' && grant.accepts.has(part))) continue;
    refuse(grant, name, reasons[part]);
  }
};
