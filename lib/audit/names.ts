/**
 * The members that the chain adds to a line. They sort before every other name, and the hash before all: so a line is
 * put together, and taken apart, by its first members, and stays canonical.
 */
export const chainNames = {
  hash: 'audit.chain.hash',
  id: 'audit.chain.id',
  previous: 'audit.chain.previous',
  sequence: 'audit.chain.sequence',
  signatures: 'audit.chain.signatures',
} as const;

/** How every line of a chain begins. */
export const lineStart = `{"${chainNames.hash}":"`;

/** The members of a checkpoint. */
export const checkpointNames = {
  /** Of a beginning: what the same file held last, `{chain, hash, sequence}`. */
  after: 'audit.checkpoint.after',
  key: 'audit.checkpoint.key',
  kind: 'audit.checkpoint.kind',
  /** Of a beginning. */
  publicKey: 'audit.checkpoint.public_key',
  /** What other instances' chains held last, as far as the store knew, each `{chain, hash, sequence}`. */
  seen: 'audit.checkpoint.seen',
  /** Of a beginning: what other files of stopped processes held last, each `{chain, hash, sequence}`. */
  stopped: 'audit.checkpoint.stopped',
  /** Of a beginning: the SHA-256 of a line that the writer before left unfinished. */
  torn: 'audit.checkpoint.torn',
} as const;

export const eventNames = { decision: 'credmint.decision', checkpoint: 'credmint.audit.checkpoint' } as const;

/** What stands for the line before the first. */
export const noHash = '0'.repeat(64);
