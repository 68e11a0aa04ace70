/** Some of the code that decides, and the tests which would notice a change of it. Both are patterns of paths. */
export interface Part {
  readonly code: readonly string[];
  readonly tests: readonly string[];
  /** Changes that no test can notice, as nothing is different after them. */
  readonly unnoticed?: readonly string[];
}

/**
 * What is mutated, in parts. Each has the tests of its own folder, those of the attacks and those of what calls it: these
 * notice what all tests notice, in a tenth of the time.
 */
export const parts: Readonly<Record<string, Part>> = {
  'cache-key': {
    code: ['lib/mint/cache-key.ts'],
    tests: ['test/mint/cache-key.test.ts', 'test/mint/cache.test.ts', 'test/attacks/shared-credentials.test.ts'],
  },
  seal: {
    code: ['lib/stores/seal/*.ts'],
    tests: [
      'test/stores/seal/*.test.ts',
      'test/stores/{data-key,sealed}.test.ts',
      'test/attacks/mutated-tokens.test.ts',
    ],
  },
  policies: { code: ['lib/policies/*.ts'], tests: ['test/policies/*.test.ts'] },
  authority: {
    code: ['lib/authority/*.ts'],
    tests: [
      'test/authority/*.test.ts',
      'test/attacks/{session-gate,session-obtains,mutated-tokens}.test.ts',
      'test/broker/{broker,operations,record-fields}.test.ts',
    ],
    unnoticed: [
      'may-mean-role.ts: an anchor, as the text has three characters at most; a default for a role asked for with a wildcard, which is refused before.',
    ],
  },
  keys: {
    code: ['lib/auth/*.ts', 'lib/auth/keys/*.ts'],
    tests: [
      'test/auth/*.test.ts',
      'test/auth/keys/*.test.ts',
      'test/auth/jwt/by-jwt.test.ts',
      'test/attacks/{revived-logins,replayed-requests}.test.ts',
    ],
  },
  jwt: {
    code: ['lib/auth/jwt/*.ts'],
    tests: [
      'test/auth/jwt/{by-jwt,key-source,claims,discovery,trusted-issuers}.test.ts',
      'test/diagnostics/explain.test.ts',
      'test/attacks/{tokens-of-another-kind,rounded-numbers,lost-proofs}.test.ts',
    ],
    unnoticed: [
      'by-jwt.ts: of accepted verdicts, none is left where the list of refusals is made; the empty list is for the type.',
      'key-source.ts: a first fetch that is no time is never within the window.',
      'read.ts: a catch that returns nothing; the signature decoded in vain.',
    ],
  },
  certificate: {
    code: ['lib/auth/{certificate,gateway}/*.ts'],
    tests: [
      'test/auth/{certificate,gateway}/*.test.ts',
      'test/auth/authenticate.test.ts',
      'test/attacks/own-tokens.test.ts',
    ],
    unnoticed: [
      'forwarded.ts: a catch that returns nothing.',
      'by-certificate.ts: BlockList takes every other family for IPv6.',
      'read-certificate.ts: a default of a group that always matches.',
    ],
  },
  broker: {
    code: ['lib/broker/*.ts'],
    tests: [
      'test/broker/{broker,operations,record-fields,giving-back-proofs,identify-caller,issue}.test.ts',
      'test/attacks/lost-proofs.test.ts',
    ],
    unnoticed: ['list-leases.ts: a lease without an account, of which there is none, is denied by the grants too.'],
  },
  grants: {
    code: ['lib/grants/*.ts'],
    tests: [
      'test/grants/*.test.ts',
      'test/grants/prove/{automaton,issuers}.test.ts',
      'test/auth/gateway/{many-callers,by-platform}.test.ts',
    ],
    unnoticed: ['Checks that are for the type alone, and caches. Node reads a family that it does not know as IPv6.'],
  },
  prove: {
    code: ['lib/grants/prove/**/*.ts'],
    tests: ['test/grants/prove/*.test.ts'],
    unnoticed: [
      'Caches, ties of < and <=, defaults for the type, and cuts that only spare work.',
      'token.ts: nine bounds of searches of more than 200,000 states.',
    ],
  },
  signers: {
    code: ['lib/signers/*.ts'],
    tests: ['test/signers/*.test.ts'],
    unnoticed: [
      "Names of scopes by which derived keys are kept, 'utf8', which is Node's default, and defaults for the type.",
      'Short ways for an empty body or query, and the sort of few names in qcloud-hmac.ts.',
    ],
  },
};
