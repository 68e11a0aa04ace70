/** What of an account, as it is used or as it is written, decides which operations it has. */
export interface CalledAccount {
  readonly profile?: string | undefined;
  readonly webIdentity?: object | undefined;
  readonly role?: string | undefined;
}
