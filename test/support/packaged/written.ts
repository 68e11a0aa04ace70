import { upstreams } from '../../../lib/clouds/catalog.ts';
import type { WrittenConfig } from '../../../lib/config/schema.ts';
import { validate } from '../../../lib/config/validate.ts';

/** A configuration as it is written, its form checked and what it leaves out filled in. */
export const writtenOf = (json: unknown): WrittenConfig => {
  const validation = validate(json, upstreams);
  if ('faults' in validation) throw new Error(validation.faults.join('\n'));
  return validation.written;
};
