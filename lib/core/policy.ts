/** One statement of a policy, whatever its grammar calls the parts. */
export interface Statement {
  readonly effect: 'allow' | 'deny';
  /** Patterns; with `except`, all but these. */
  readonly actions: readonly string[];
  readonly exceptActions: boolean;
  readonly resources: readonly string[];
  readonly exceptResources: boolean;
  /** Whether the statement has conditions. They are not evaluated: see `permits`. */
  readonly conditional: boolean;
}

/** Why a text is not a policy of its grammar. */
export interface PolicyFault {
  /** `syntax`: not the document at all; `element`: a part that may not be there or has a wrong value; `resource`. */
  readonly fault: 'syntax' | 'element' | 'resource';
  /** One sentence of ours that quotes nothing of the text. */
  readonly why: string;
}

/** The statements of a policy, or why the text is not one. */
export type PolicyReading = { readonly statements: readonly Statement[] } | PolicyFault;

/** A language in which policies are written. Several clouds may share one. */
export interface PolicyGrammar {
  /** Its name in the configuration, under `authority.roles.NAME.policies`. */
  readonly name: string;
  read(text: string): PolicyReading;
  /** A small valid policy, for tests and pages. */
  readonly example: object;
}
