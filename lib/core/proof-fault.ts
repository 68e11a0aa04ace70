/**
 * Why a proof of who asks was not accepted. For the audit record alone: an attacker who is told that a key is known but
 * disabled, or that a token lacks only one claim, has learnt something.
 */
export const proofFaults = {
  KeyUnknown: 'There is no such key.',
  KeyDisabled: 'The key is disabled.',
  KeyExpired: 'The key has expired.',
  TokenUnreadable: 'The token is not a signed JWT, or is too long.',
  TokenCritical: 'The header of the token demands extensions that must be understood.',
  TokenOfAnotherKind: 'The header of the token says that it is no identity or access token.',
  TokenBound: 'The token is bound to a key, and the request does not prove that key.',
  TokenOfSession: 'The token is one that our own issuer gave to a session, which obtains nothing by it.',
  IssuerUnknown: 'No caller of the configuration has tokens of this issuer.',
  AlgorithmRefused: 'The algorithm of the token is not one that its issuer is pinned to.',
  SigningKeyUnknown: "The issuer's keys do not hold the one that the token names.",
  TokenForged: 'The signature of the token does not match.',
  AudienceMismatch: 'The token is meant for another audience.',
  ClaimMissing: 'A claim that every token must have is missing, or is not of its type.',
  TokenExpired: 'The token has expired.',
  TokenNotYetValid: 'The token is not valid yet.',
  TokenTooOld: 'The token was issued longer ago than the configuration allows.',
  ClaimMismatch: "A claim of the token is not what the caller's configuration asks for.",
  TokenReplayed: 'The token was already used, and may be used once.',
  KeySetUnreachable: "The issuer's keys cannot be fetched.",
  KeySetRefused: 'What the issuer published as its keys, or as their place, is not acceptable.',
  CertificateUnreadable: 'What was forwarded as a client certificate cannot be read as one.',
  CertificateOutOfDate: 'The client certificate is not valid yet, or no longer.',
  CertificateUnknown: 'The client certificate matches no caller of the configuration.',
  CertificateUntrusted: 'The client certificate does not lead to an authority that is trusted here.',
  AuthorizerUnknown: "What the gateway's authorizer says matches no caller of the configuration.",
  CallerAmbiguous: 'What was proven matches more than one caller of the configuration.',
} as const satisfies Record<string, string>;

export type ProofFault = keyof typeof proofFaults;
