import type { AuthoritySettings } from '../../authority/authority.ts';
import type { AuthorityRole } from '../../authority/roles.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { PolicyGrammar } from '../../core/policy.ts';
import { Secret } from '../../core/secret.ts';
import { keyring } from '../../stores/seal/keyring.ts';
import type { WrittenConfig } from '../schema.ts';
import type { CallersContext } from './callers.ts';

/** The authority as it is used, from how it is written. */
export const authorityOf = (
  written: NonNullable<WrittenConfig['authority']>,
  grammars: ReadonlyMap<string, PolicyGrammar>,
  { secret, complain }: CallersContext,
): AuthoritySettings => {
  const materials = written.keys.map((reference, index) => {
    const material = secret(`authority.keys.${index}`, reference);
    if (material.reveal().length < 32) complain(`authority.keys.${index}`, 'must refer to at least 32 characters');
    return material;
  });
  const [first = new Secret(''), ...older] = materials;
  const roles = Object.entries(written.roles).map(
    ([name, role]): AuthorityRole => ({
      name,
      trust: role.trust,
      maxSessionDurationSeconds: role.maxSessionDurationSeconds,
      ...omitUndefined({ externalId: role.externalId }),
      aliases: role.aliases,
      policies: Object.fromEntries(
        Object.entries(role.policies).flatMap(([grammar, document]) => {
          if (document === undefined) return [];
          const reading = grammars.get(grammar)?.read(JSON.stringify(document));
          if (reading === undefined) return [];
          if ('statements' in reading) return [[grammar, reading.statements]];
          complain(`authority.roles.${name}.policies.${grammar}`, reading.why);
          return [];
        }),
      ),
    }),
  );
  return { ring: keyring(first, ...older), roles, accountIds: written.accountIds };
};
