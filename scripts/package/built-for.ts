import { hash } from 'node:crypto';
import type { WrittenConfig } from '../../lib/config/schema.ts';
import type { BuiltFor, Target } from '../bundle.ts';
import { readBy } from './function-configuration.ts';
import { remoteReferences, selectionFor } from './selection.ts';

/** A configuration whose form is valid, and the file that it was made from. */
export interface ConfigurationSource {
  readonly written: WrittenConfig;
  readonly text: string | Buffer;
}

/**
 * What one function is built for: what it reads of a configuration, and the parts that it needs for that.
 *
 * @example
 * await bundle('sts', 'aws', 'dist', builtFor('sts', 'aws', { written, text }));
 */
export const builtFor = (functionName: string, target: Target, { written, text }: ConfigurationSource): BuiltFor => {
  const read = readBy(functionName, written);
  const selection = selectionFor(read ?? written, target);
  if (read === undefined) return { selection };
  const configuration = { digest: hash('sha256', text, 'hex'), written: read, remote: remoteReferences(read) };
  return { configuration, selection };
};
