import type { AccessKey } from './credentials.ts';

/** What a line of the laptop's welcome text is made from. */
export interface QuickstartContext {
  /** Host and port of the server. */
  readonly host: string;
  /** The role to assume, as this cloud writes it. */
  readonly role: string;
  /** Also in the shell's variables `CREDMINT_KEY` and `CREDMINT_SECRET`; for signatures that are made beforehand. */
  readonly accessKey: AccessKey;
}
