import type { CloudFacts } from '../../core/cloud-facts.ts';
import { type Abilities, abilitiesOf, isKeyRefused, probedOperations } from './abilities.ts';
import type { ProbeReplies } from './ask.ts';
import { type Fit, fitsOf } from './fit.ts';

/** What a probe found. */
export interface ProbeReport {
  /** In lines to print. */
  readonly lines: readonly string[];
  /** Whether the account can be called as its configuration says. */
  readonly isFit: boolean;
  /** Absent if the system refuses the account's key: then nothing is known. */
  readonly abilities?: Abilities;
  /** The profiles that fit best; null is none. */
  readonly fitsBest?: readonly (string | null)[];
}

/** A code of the system's own, without what a terminal could take for a command. */
const wordOf = (replies: ProbeReplies, name: (typeof probedOperations)[number]): string => {
  const reply = replies.get(name);
  if (reply === undefined || reply.isGiven) return '';
  return ` (${reply.status} ${reply.word?.replace(/[^\w.:-]/g, '?') ?? 'without a code'})`;
};

const policyLines: Readonly<Record<Abilities['policies'], string>> = {
  read: 'Session policies: read, since a malformed one is refused. Whether they are obeyed, only a use can show.',
  ignored: 'Session policies: ignored, since credentials were given for a malformed one.',
  refused: 'Session policies: refused.',
  unclear: 'Session policies: unclear. Name a role that the account may assume by --role.',
};

const roleLines: Readonly<Record<Abilities['roles'], string>> = {
  ignored: 'Roles: ignored, since credentials were given for one that does not exist.',
  distinguished: 'Roles: told apart.',
  unclear: 'Roles: unclear. Name a role that the account may assume by --role.',
};

const nameOf = ({ profile, title }: Fit): string =>
  profile === undefined ? `${title}, no profile` : `${title}, ${profile}`;

/** Says what a system showed of itself, which profiles fit, and whether the account's own does. */
export const reportOf = (facts: CloudFacts, profile: string | undefined, replies: ProbeReplies): ProbeReport => {
  if (isKeyRefused(replies)) {
    return { lines: ["The system refuses the account's key, or the signature made by it."], isFit: false };
  }
  const abilities = abilitiesOf(replies);
  const fits = fitsOf(facts, abilities);
  const own = fits.find((fit) => fit.profile === profile);
  const able = fits.filter(({ contradictions }) => contradictions.length === 0);
  const best = able.filter(({ score }) => score === able[0]?.score);
  const isFit = own !== undefined && own.contradictions.length === 0;
  return {
    isFit,
    abilities,
    fitsBest: best.map(({ profile: name = null }) => name),
    lines: [
      ...probedOperations.map((name) => `${name}: ${abilities.has[name]}${wordOf(replies, name)}`),
      policyLines[abilities.policies],
      roleLines[abilities.roles],
      best.length === 0 ? 'No profile fits.' : `Fits best: ${best.map(nameOf).join('; ')}.`,
      isFit
        ? `The account's own fits: ${nameOf(own)}.`
        : `The account's own does not fit: ${own?.contradictions.join('; ') ?? 'there is no such profile'}.`,
    ],
  };
};
