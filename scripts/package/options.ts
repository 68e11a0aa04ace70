/** The options that every command shares which packages, in the form of `parseArgs`. */
export const packageOptions = {
  /** The configuration to be deployed. */
  config: { type: 'string', default: 'credmint.config.json' },
  /** Package referenced files also if they may be secret. */
  'with-secrets': { type: 'boolean', default: false },
} as const;
