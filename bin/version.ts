import manifest from '../package.json' with { type: 'json' };

/** The version of credmint. */
export const { version } = manifest;
