import type { DenialTrace } from '../../../lib/core/denial.ts';
import { evaluate, type Question } from '../../../lib/grants/evaluate.ts';
import type { Grant } from '../../../lib/grants/grant.ts';

/** In the order in which they are looked at. */
const clauses = [
  'dialects',
  'account',
  'operations',
  'roles',
  'leases',
  'audiences',
  'ownTokens',
  'claims',
  'sourceIps',
  'times',
  'acr',
  'amr',
];

/** What was decided: by which grants, and what they only recorded; or why by none. */
export type Walked =
  | { readonly allowedBy: readonly (readonly [grant: string, recorded: DenialTrace])[] }
  | { readonly deniedBy: DenialTrace };

/** The plain meaning of a list of grants: each is tried, and all are compared. */
export const walked = (grants: readonly Grant[], question: Question): Walked => {
  const matches = grants
    .filter(({ callers }) => callers.has(question.caller.name))
    .map((grant) => evaluate(grant, question));
  const whole = matches.filter(({ unmet }) => unmet === undefined);
  if (whole.length > 0) return { allowedBy: whole.map(({ grant }) => [grant.name, []]) };
  const unmet = matches.flatMap((match) => (match.unmet === undefined ? [] : [{ ...match, unmet: match.unmet }]));
  const lenient = unmet.filter((match) => match.inScope && match.grant.mode === 'audit');
  if (lenient.length > 0) return { allowedBy: lenient.map((match) => [match.grant.name, [match.unmet]]) };
  const rank = ({ unmet: { clause } }: (typeof unmet)[number]): number => clauses.indexOf(clause);
  return {
    deniedBy: unmet
      .sort((one, other) => rank(other) - rank(one))
      .slice(0, 5)
      .map((match) => match.unmet),
  };
};
