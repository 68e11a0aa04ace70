/** What of an account, as it is used or as it is written, decides which operations it has. */
export interface CalledAccount {
  readonly profile?: string | undefined;
  /** `runtime`, as it is written, is the identity that a process has of its platform. */
  readonly key?: 'runtime' | { readonly token?: unknown } | undefined;
  readonly webIdentity?: object | undefined;
  readonly role?: string | undefined;
}
