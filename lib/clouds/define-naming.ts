import type { Identity, Subject } from '../core/credentials.ts';
import type { NamedSession, Naming } from '../core/naming.ts';

/** The names of a cloud's identities, each as the cloud writes it. */
interface Names {
  role(session: NamedSession): string;
  /** As the reply that issues a session of a role names it, if that is another name. */
  issuedRole?(session: NamedSession): string;
  federated(session: NamedSession): string;
  user(accountId: string, name: string): string;
}

/**
 * The naming of a cloud that has what most have: a user's name is its own, a session of a role or of a federated user has
 * one, with an id that is made of the role's or the account's. This is a function because a bundler leaves out a call that
 * is marked as pure if nothing uses its result.
 */
export const defineNaming = (names: Names, rest: Omit<Naming, 'user' | 'session' | 'subject'>): Naming => {
  const subject = (session: NamedSession): Subject => {
    const { accountId, kind, roleId, sessionName, callerId, callerName } = session;
    if (kind === 'user') return { arn: names.user(accountId, callerName), id: callerId };
    const owner = kind === 'role' ? roleId : accountId;
    return { arn: names[kind](session), id: `${owner}:${sessionName}` };
  };
  return {
    ...rest,
    user: (accountId, name, id): Identity => ({
      accountId,
      userId: id,
      arn: names.user(accountId, name),
      type: 'user',
    }),
    session: (session): Identity => {
      const { arn, id } = subject(session);
      return { accountId: session.accountId, userId: id, arn, type: session.kind };
    },
    subject: (session) => {
      const { arn, id } = subject(session);
      return { arn: session.kind === 'role' && names.issuedRole !== undefined ? names.issuedRole(session) : arn, id };
    },
  };
};

/** So many letters of an alphabet, chosen by these bytes. */
export const letters = (alphabet: string, bytes: Uint8Array, count: number): string => {
  let text = '';
  for (let index = 0; index < count; index++) text += alphabet[(bytes[index % bytes.length] ?? 0) % alphabet.length];
  return text;
};
