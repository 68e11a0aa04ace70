/** Why a request was denied, in words that do not change: for callers, alerts and the audit record. */
export const denialReasons = {
  NoGrant: 'No grant is for this caller.',
  DialectNotGranted: 'No grant of this caller may be used in this dialect.',
  AccountNotGranted: 'No grant of this caller is for this account.',
  OperationNotGranted: 'No grant of this caller allows this operation.',
  RoleNotGranted: 'No grant of this caller allows this role.',
  AudienceNotGranted: 'No grant of this caller allows a token for this audience.',
  LeaseNotGranted: 'No grant of this caller is for this lease.',
  ClaimMismatch: 'A claim of the token is not what the grant asks for.',
  SourceIpNotGranted: 'The address that the request comes from is not one that the grant allows.',
  OutsideTimes: 'The grant is not valid at this time.',
  AcrTooLow: 'The caller was not authenticated in the way that the grant asks for.',
  AmrMissing: 'The caller was not authenticated by the means that the grant asks for.',
  DurationTooLong: 'The grant allows a shorter duration only.',
  PolicyNotAccepted: 'The grant does not accept a policy from its callers.',
  TwoPolicies: 'The grant has a policy of its own, and the cloud takes one document only.',
  TagsNotAccepted: 'The grant does not accept tags from its callers.',
  SourceIdentityNotAccepted: 'The grant does not accept a source identity from its callers.',
  SecondFactorNotAccepted: 'The grant does not accept a second factor from its callers.',
  ExternalIdNotAccepted: "The external id is the broker's to give.",
  ActorNotGranted: 'The grant lets no such caller act for another.',
  OwnTokenNotGranted: 'The grant is not for callers that a token of our own issuer proves.',
  TemplateRefused: 'A claim holds what a template of the grant may not be filled with.',
} as const satisfies Record<string, string>;

export type DenialReason = keyof typeof denialReasons;

/** One clause of one grant, or of a caller's own rule, that a request did not meet. */
export interface UnmetClause {
  /** The grant; absent if it is the rule of a caller. */
  readonly grant?: string;
  /** The caller whose own rule it is. */
  readonly caller?: string;
  readonly clause: string;
  readonly reason: DenialReason;
  /** What the grant asks for, as the configuration has it. */
  readonly expected: string;
  /** The class of what was there, never the thing: `absent`, `text of 12 characters`, … */
  readonly saw: string;
}

/** How a decision went wrong: the grants that came closest, and the clauses of each that were not met. */
export type DenialTrace = readonly UnmetClause[];
