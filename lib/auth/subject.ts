import type { ProvenSubject } from '../core/caller.ts';

/** The subject that proven claims name: by issuer and `sub` (RFC 7519, 4.1.2). Returns undefined if either is missing. */
export const subjectOf = ({ iss, sub }: Readonly<Record<string, unknown>>): ProvenSubject | undefined =>
  typeof iss === 'string' && typeof sub === 'string' && sub !== '' ? { issuer: iss, name: sub } : undefined;
