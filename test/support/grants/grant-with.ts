import type { Grant } from '../../../lib/grants/grant.ts';
import { compilePattern } from '../../../lib/grants/pattern.ts';

/** A grant of the caller `ci` of two roles of the account `prod`, changed as the test likes. */
export const grantWith = (changes: Partial<Grant> = {}): Grant => ({
  name: 'deploy',
  callers: new Set(['ci']),
  account: 'prod',
  operations: new Set(['AssumeRole']),
  roles: [compilePattern('role/a'), compilePattern('role/b')],
  accepts: new Set(),
  references: new Map(),
  mode: 'enforce',
  shareable: false,
  ...changes,
});
