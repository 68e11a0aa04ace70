import { aboutTheKey } from '../../core/about-the-key.ts';
import type { StsErrorCode } from '../../core/errors.ts';
import type { ProbeName } from '../../core/probe.ts';
import type { ProbeReplies, ProbeReply } from './ask.ts';

/** Whether a system has something. It is unclear if it refuses for a reason that says nothing of it. */
export type Has = 'yes' | 'no' | 'unclear';

/** The operations that a system is asked for. */
export const probedOperations = ['GetCallerIdentity', 'AssumeRole', 'GetFederationToken', 'GetSessionToken'] as const;
export type ProbedOperation = (typeof probedOperations)[number];

/** What a system's replies show of it. */
export interface Abilities {
  readonly has: Readonly<Record<ProbedOperation, Has>>;
  /** What becomes of a session policy. Whether one that is read is obeyed, only a use of the credentials can show. */
  readonly policies: 'read' | 'ignored' | 'refused' | 'unclear';
  readonly roles: 'ignored' | 'distinguished' | 'unclear';
  /** The root element of its refusals, if they have one. */
  readonly errorRoot?: string;
}

/** Refusals that say nothing of what the system has. */
const saysNothing: ReadonlySet<StsErrorCode> = new Set([
  ...aboutTheKey,
  'AccessDenied',
  'Throttled',
  'CloudUnavailable',
]);

/** Whether every reply refuses the account's own key. */
export const isKeyRefused = (replies: ProbeReplies): boolean =>
  [...replies.values()].every((reply) => !reply.isGiven && aboutTheKey.has(reply.code));

const hasIt = (reply: ProbeReply | undefined, baseline: ProbeReply | undefined): Has => {
  if (reply === undefined) return 'unclear';
  if (reply.isGiven) return 'yes';
  if (reply.code === 'UnsupportedOperation' || reply.code === 'UnknownOperation') return 'no';
  // Its reply to an operation that nobody has shows how it says so, unless that is no more than that it denies.
  if (baseline === undefined || baseline.isGiven || saysNothing.has(baseline.code)) return 'unclear';
  if (reply.status !== baseline.status || reply.word !== baseline.word) return 'yes';
  return reply.word === undefined ? 'unclear' : 'no';
};

const policiesOf = (reply: (name: ProbeName) => ProbeReply | undefined): Abilities['policies'] => {
  const malformed = reply('AssumeRole with a malformed policy');
  if (malformed === undefined) return 'unclear';
  if (malformed.isGiven) return 'ignored';
  if (malformed.code === 'MalformedPolicy') return 'read';
  // Without a policy it gives, so the policy is what it refuses: a malformed one, or any.
  if (!reply('AssumeRole')?.isGiven) return 'unclear';
  return reply('AssumeRole with a policy')?.isGiven ? 'read' : 'refused';
};

const rolesOf = (reply: (name: ProbeName) => ProbeReply | undefined): Abilities['roles'] => {
  const absent = reply('AssumeRole of a role that does not exist');
  if (absent === undefined) return 'unclear';
  if (absent.isGiven) return 'ignored';
  return absent.code === 'RoleNotFound' || reply('AssumeRole')?.isGiven ? 'distinguished' : 'unclear';
};

/** What the replies of a system show of it. */
export const abilitiesOf = (replies: ProbeReplies): Abilities => {
  const reply = (name: ProbeName) => replies.get(name);
  const baseline = reply('NoSuchOperation');
  const root = baseline?.isGiven === false ? baseline.root : undefined;
  return {
    has: {
      GetCallerIdentity: hasIt(reply('GetCallerIdentity'), baseline),
      AssumeRole: hasIt(reply('AssumeRole'), baseline),
      GetFederationToken: hasIt(reply('GetFederationToken'), baseline),
      GetSessionToken: hasIt(reply('GetSessionToken'), baseline),
    },
    policies: policiesOf(reply),
    roles: rolesOf(reply),
    ...(root === undefined ? {} : { errorRoot: root }),
  };
};
