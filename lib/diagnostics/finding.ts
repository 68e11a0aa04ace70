/** What was wrong with a signature: a stable code, and a sentence with what to do. */
export interface Finding {
  readonly code:
    | 'Valid'
    | 'ClockSkew'
    | 'HostSigned'
    | 'PortSigned'
    | 'PolicyEncoding'
    | 'ParameterOrder'
    | 'HashMethod'
    | 'MethodSigned'
    | 'HeaderSigned'
    | 'SpaceEncoding'
    | 'PathSigned'
    | 'SecretPadded'
    | 'WrongSecret'
    | 'NotASignature';
  readonly why: string;
}
