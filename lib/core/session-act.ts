import type { Session } from './caller.ts';

/** What the holder of a session would do, and to which role or lease; to nothing in particular if neither is named. */
export interface SessionAct {
  /** The names of the act, in every system's words. */
  readonly actions: readonly string[];
  /** A role by any of its names, in any system's words. */
  readonly role?: string;
  readonly lease?: string;
}

/**
 * The claim by which a token of our own issuer says that it was given to a session. Here it obtains nothing: it tells
 * neither the policies of the session nor when its chain ends.
 */
export const sessionClaim = 'credmint_session';

/** Whether the policies of a session of the authority let it do something. */
export type SessionMay = (session: Session, act: SessionAct) => boolean;
