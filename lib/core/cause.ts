/**
 * Why the operating system, a connection or TLS failed, by Node's code, in words for an operator. The table is closed:
 * a message of Node may quote what it was given, and these cannot.
 */
const general = {
  EACCES: 'this process may not do that (EACCES)',
  EPERM: 'this process may not do that (EPERM)',
  EROFS: 'the file system is read-only (EROFS)',
  ENOENT: 'nothing is there (ENOENT)',
  EISDIR: 'it is a folder (EISDIR)',
  ENOTDIR: 'a part of the path is not a folder (ENOTDIR)',
  EEXIST: 'something is there already (EEXIST)',
  ENOSPC: 'the disk is full (ENOSPC)',
  EDQUOT: 'the disk quota is used up (EDQUOT)',
  EIO: 'the disk failed (EIO)',
  EMFILE: 'this process has too many files open (EMFILE)',
  ENFILE: 'this machine has too many files open (ENFILE)',
  EADDRINUSE: 'the port is in use (EADDRINUSE)',
  EADDRNOTAVAIL: 'it is not an address of this machine (EADDRNOTAVAIL)',
  ECONNREFUSED: 'the connection was refused: nothing listens there (ECONNREFUSED)',
  ECONNRESET: 'the connection was reset (ECONNRESET)',
  ECONNABORTED: 'the connection was aborted (ECONNABORTED)',
  EPIPE: 'the connection was closed by the other side (EPIPE)',
  ETIMEDOUT: 'no connection in time (ETIMEDOUT)',
  EHOSTUNREACH: 'no route leads to the host (EHOSTUNREACH)',
  ENETUNREACH: 'no route leads to the network (ENETUNREACH)',
  ENOTFOUND: 'DNS does not know the name (ENOTFOUND)',
  EAI_AGAIN: 'DNS does not answer (EAI_AGAIN)',
  EPROTO: 'TLS failed: the other side speaks another version, or none (EPROTO)',
  ERR_SSL_WRONG_VERSION_NUMBER: 'TLS was spoken to a port that speaks plain text',
  HPE_INVALID_CONSTANT: 'the answer is not HTTP: plain text may have been spoken to a TLS port',
  HPE_INVALID_HEADER_TOKEN: 'the answer is not HTTP: a header cannot be read',
  HPE_HEADER_OVERFLOW: 'the headers of the answer are too long',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is signed by itself, and not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate comes from an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate comes from an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'the certificate comes from an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate comes from an authority that is not trusted',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  CERT_REVOKED: 'the certificate was revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
  ABORT_ERR: 'no answer before the deadline',
  CutOff: 'the answer was cut off',
  ResourceNotFoundException: 'there is no such table or key (ResourceNotFoundException)',
  AccessDeniedException: 'AWS does not permit it (AccessDeniedException)',
  UnrecognizedClientException: 'AWS does not know the key (UnrecognizedClientException)',
  ExpiredTokenException: 'the key of this process has expired (ExpiredTokenException)',
  ThrottlingException: 'AWS gets too many requests (ThrottlingException)',
  ProvisionedThroughputExceededException: 'the table gets too many requests (ProvisionedThroughputExceededException)',
  Unknown: 'for a reason that it does not give',
} as const;

/** What only a store says, by its kind. A function is built without what its own store does not say. */
const stores = {
  redis: {
    NOAUTH: 'the server wants a password (NOAUTH)',
    WRONGPASS: 'the server refused the password (WRONGPASS)',
    NOPERM: 'the server does not permit the command (NOPERM)',
    OOM: 'the server is out of memory (OOM)',
    READONLY: 'the server is a read-only replica (READONLY)',
    MOVED: 'the server is a node of a cluster (MOVED)',
    CLUSTERDOWN: 'the cluster is down (CLUSTERDOWN)',
    LOADING: 'the server is still loading its data (LOADING)',
    MASTERDOWN: 'the replica has lost its primary (MASTERDOWN)',
  },
  sqlite: {
    SQLITE_BUSY: 'another process writes to the database (SQLITE_BUSY)',
    SQLITE_FULL: 'the database or its disk is full (SQLITE_FULL)',
    SQLITE_READONLY: 'the database is read-only (SQLITE_READONLY)',
    SQLITE_CANTOPEN: 'the database cannot be opened (SQLITE_CANTOPEN)',
    SQLITE_CORRUPT: 'the database is damaged (SQLITE_CORRUPT)',
    SQLITE_IOERR: 'the disk failed under the database (SQLITE_IOERR)',
    SQLITE_NOTADB: 'the file is not a database (SQLITE_NOTADB)',
    FileReplaced: 'the file was removed or replaced, and what it remembered is forgotten',
  },
} as const;

type Words = typeof general & (typeof stores)['redis'] & (typeof stores)['sqlite'];

const words: Words = Object.assign({}, general, ...Object.values(stores));

/** The code of a cause. */
export type Cause = keyof Words;

/** Primary result codes of SQLite. https://www.sqlite.org/rescode.html */
const sqlite: Readonly<Record<number, Cause>> = {
  5: 'SQLITE_BUSY',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  26: 'SQLITE_NOTADB',
};

const isCause = (code: unknown): code is Cause => typeof code === 'string' && Object.hasOwn(words, code);

/** Why something failed, as far as what was thrown says it by a code; `Unknown` if it does not. */
export const causeOf = (thrown: unknown): Cause => {
  if (typeof thrown !== 'object' || thrown === null) return 'Unknown';
  const { code, name, message, errcode, errors, cause, detail, lastNodeError } = thrown as Readonly<
    Record<string, unknown>
  >;
  // OpenSSL says it in the message only: the bytes of a plain answer are no TLS record.
  if (code === 'EPROTO' && /wrong version number|packet length too long/.test(String(message))) {
    return 'ERR_SSL_WRONG_VERSION_NUMBER';
  }
  if (isCause(code)) return code;
  // An StsError names the cause of what was thrown at it.
  const known = (detail as { readonly cause?: unknown } | undefined)?.cause;
  if (isCause(known)) return known;
  // Redis begins its error replies with a word in capitals: `WRONGPASS invalid username-password pair`.
  const reply = name === 'ReplyError' ? /^[A-Z]+/.exec(String(message))?.[0] : undefined;
  if (isCause(reply)) return reply;
  if (typeof errcode === 'number') return sqlite[errcode & 0xff] ?? 'Unknown';
  if (name === 'AbortError' || name === 'TimeoutError') return 'ABORT_ERR';
  // Node tries the addresses of a name in turn, and throws all the failures together.
  const [first] = Array.isArray(errors) ? errors : [];
  // Of a cluster of Redis, the last node's.
  const inner = first ?? cause ?? lastNodeError;
  return inner === undefined ? 'Unknown' : causeOf(inner);
};

/** A cause in words. */
export const causeInWords = (cause: Cause): string => words[cause];
