import { causeInWords, causeOf } from '../core/cause.ts';
import { StsError } from '../core/errors.ts';

/** What to do about the failures of a start that the environment can mend. */
const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Choose another port with PORT, or stop what listens there.',
  EADDRNOTAVAIL: 'HOST must be an address of this machine, or 0.0.0.0 for all of them.',
  ENOTFOUND: 'HOST must be an address of this machine, or 0.0.0.0 for all of them.',
  ENOTSUP: 'This system cannot share a port between processes (server.reusePort).',
  EACCES: 'Choose a folder that can be written to with CREDMINT_DIR, and a port above 1023 with PORT.',
  EPERM: 'Choose a folder that can be written to with CREDMINT_DIR.',
  EROFS: 'Choose a folder that can be written to with CREDMINT_DIR.',
  ENOTDIR: 'Choose another folder with CREDMINT_DIR.',
  EEXIST: 'Choose another folder with CREDMINT_DIR.',
};

/** What the failure was about: the path, or the address and port. Nothing of either is secret. */
const subjectOf = ({ path, address, port }: NodeJS.ErrnoException & { address?: string; port?: number }): string => {
  if (path !== undefined) return path;
  if (address === undefined) return 'the server';
  const host = address.includes(':') ? `[${address}]` : address;
  return port === undefined || port < 0 ? host : `${host}:${port}`;
};

/** Why a server does not start, and what to do about it. */
export const startFailure = (thrown: unknown): string => {
  const { name, message, code = '' } = thrown as NodeJS.ErrnoException;
  if (name === 'ConfigError' || thrown instanceof StsError) return message;
  const cause = causeOf(thrown);
  const remedy = Object.hasOwn(remedies, code) ? ` ${remedies[code]}` : '';
  if (cause === 'Unknown') return `credmint does not start: ${remedy === '' ? message : remedy.trim()}`;
  return `credmint does not start: ${subjectOf(thrown as NodeJS.ErrnoException)}: ${causeInWords(cause)}.${remedy}`;
};
