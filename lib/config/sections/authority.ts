import * as v from 'valibot';
import type { AuthoritySettings } from '../../authority/authority.ts';
import type { AuthorityRole } from '../../authority/roles.ts';
import { grammarsOf } from '../../clouds/catalog.ts';
import type { CloudFacts } from '../../core/cloud-facts.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { ConfigContext } from '../context.ts';
import { ringOf } from '../ring.ts';
import { described, document, integer, name, ringSecrets, text } from '../values.ts';

const role = (clouds: readonly CloudFacts[]) =>
  v.strictObject({
    trust: described(
      'Who may assume the role: names of callers, role:NAME for sessions of a role, or * for every caller.',
      v.array(
        v.pipe(
          v.string(),
          v.regex(/^(\*|(role:)?[A-Za-z0-9][A-Za-z0-9_.-]{0,63})$/, 'must be a caller, role:NAME or *'),
        ),
      ),
    ),
    maxSessionDurationSeconds: described(
      'The longest that a session of the role may last.',
      v.optional(integer(900, 43_200), 3600),
    ),
    externalId: described('The ExternalId that whoever assumes the role must send.', v.optional(text)),
    policies: described(
      'What the role may do, as one document of each grammar; absent is everything.',
      v.optional(
        v.strictObject(
          Object.fromEntries(
            [...grammarsOf(clouds).keys()].map((grammar) => [
              grammar,
              described(`A policy in the grammar ${grammar}.`, v.optional(document)),
            ]),
          ),
        ),
        {},
      ),
    ),
    aliases: described('Texts that name the role besides its own name.', v.optional(v.array(text), [])),
  });

/** The built-in STS. */
export const authorityOn = (clouds: readonly CloudFacts[]) =>
  v.strictObject({
    keys: described(
      'References to secrets of at least 32 random characters that seal session tokens: the first is current, all of them open.',
      ringSecrets,
    ),
    accountIds: described(
      "The authority's own account ids, by cloud; without one, a number that stays the same for a key.",
      v.optional(v.record(v.string(), text), {}),
    ),
    roles: described('The roles that can be assumed, by name.', v.optional(v.record(name, role(clouds)), {})),
  });

/** The authority as it is used. */
export const authorityOf = (
  { keys, accountIds, roles }: v.InferOutput<ReturnType<typeof authorityOn>>,
  context: ConfigContext,
): AuthoritySettings => ({
  ring: ringOf(keys, 'authority.keys', context),
  roles: Object.entries(roles).map(([name, written]) => roleOf(name, written, context)),
  accountIds,
});

const roleOf = (
  name: string,
  written: v.InferOutput<ReturnType<typeof role>>,
  { clouds, fault }: ConfigContext,
): AuthorityRole => {
  const { trust, maxSessionDurationSeconds, externalId, aliases } = written;
  const grammars = grammarsOf(clouds);
  const policies = Object.entries(written.policies).flatMap(([grammar, policy]) => {
    if (policy === undefined) return [];
    const reading = grammars.get(grammar)?.read(JSON.stringify(policy));
    // This function was built without the grammar. The policy still takes away: a role without any may do everything.
    if (reading === undefined) return [[grammar, []]];
    if ('statements' in reading) return [[grammar, reading.statements]];
    fault(`authority.roles.${name}.policies.${grammar}`, reading.why);
    return [];
  });
  return {
    name,
    trust,
    maxSessionDurationSeconds,
    ...omitUndefined({ externalId }),
    aliases,
    policies: Object.fromEntries(policies),
  };
};
