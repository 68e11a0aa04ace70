import { StsError } from '../core/errors.ts';
import type { Naming } from '../core/naming.ts';
import type { Statement } from '../core/policy.ts';

/** A role of the authority, as the configuration has it. */
export interface AuthorityRole {
  readonly name: string;
  /** Who may assume it: names of callers, `role:NAME` for sessions of a role, `*` for every caller that is proven. */
  readonly trust: readonly string[];
  /** 900 to 43,200: how long a session of this role may live at most. */
  readonly maxSessionDurationSeconds: number;
  /** A caller that assumes the role must give it. */
  readonly externalId?: string;
  /** What the role may do, by grammar. No policies: everything. Some: nothing in a grammar that has none. */
  readonly policies: { readonly [grammar: string]: readonly Statement[] };
  /** Texts that name the role besides its own. */
  readonly aliases: readonly string[];
}

/** A role as one system knows it. */
export interface KnownRole {
  readonly role: AuthorityRole;
  readonly id: string;
  /** Every text that names it, in every system's words. */
  readonly texts: ReadonlySet<string>;
}

export interface RolesByName {
  /** The role that a text names, in the words of this system or another. */
  find(dialect: string, text: string): (KnownRole & { readonly dialect: string }) | undefined;
  /** A role by its plain name, as one system knows it. */
  named(dialect: string, name: string): KnownRole | undefined;
  /** Every text, in every system's words, that names the role which this one names; itself if it names none. */
  textsOf(text: string): readonly string[];
}

/** Every role under every text that names it, computed once so that a lookup parses nothing. */
export const rolesByName = (
  roles: readonly AuthorityRole[],
  namings: ReadonlyMap<string, Naming>,
  accountId: (dialect: string) => string,
): RolesByName => {
  const byDialect = new Map<string, Map<string, KnownRole>>();
  const byName = new Map<string, Map<string, KnownRole>>();
  const named = roles.map((role) => ({ role, all: new Set(role.aliases) }));
  for (const [dialect, naming] of namings) {
    const texts = new Map<string, KnownRole>();
    const names = new Map<string, KnownRole>();
    for (const { role, all } of named) {
      const id = naming.identifier('role', `${accountId(dialect)} ${role.name}`);
      const known: KnownRole = { role, id, texts: all };
      names.set(role.name, known);
      for (const text of [...naming.roles(accountId(dialect), role.name, id), ...role.aliases]) {
        const other = texts.get(text)?.role ?? role;
        if (other !== role) {
          throw new StsError(
            'Misconfigured',
            `A text names two roles of the authority: ${other.name} and ${role.name}.`,
          );
        }
        texts.set(text, known);
        all.add(text);
      }
    }
    byDialect.set(dialect, texts);
    byName.set(dialect, names);
  }
  return {
    textsOf: (text) => {
      const all = new Set([text]);
      for (const texts of byDialect.values()) for (const other of texts.get(text)?.texts ?? all) all.add(other);
      return [...all];
    },
    find: (dialect, text) => {
      const own = byDialect.get(dialect)?.get(text);
      if (own !== undefined) return { ...own, dialect };
      for (const [other, texts] of byDialect) {
        const known = texts.get(text);
        if (known !== undefined) return { ...known, dialect: other };
      }
      return undefined;
    },
    named: (dialect, name) => byName.get(dialect)?.get(name),
  };
};
