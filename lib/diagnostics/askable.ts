import type { Cloud } from '../core/cloud.ts';
import type { Operation } from '../core/requests.ts';

/** What is asked for in our own ways, by a token or by a key. */
const own: ReadonlyMap<string, readonly Operation[]> = new Map([
  ['json', ['AssumeRole', 'GetFederationToken']],
  ['event', ['AssumeRole', 'GetFederationToken']],
  ['lease', ['AssumeRole', 'GetFederationToken']],
  ['oauth', ['AssumeRole', 'IssueToken']],
]);

/** Every dialect in which something is asked for, of a server that answers like these clouds. */
export const askedDialects = (clouds: readonly Cloud[]): readonly string[] => [
  ...own.keys(),
  ...clouds.map(({ id }) => id),
];

/** What may be asked for in the words of a cloud; AWS alone has a name for a token of our issuer, GetWebIdentityToken. */
const operationsOf = ({ id, naming }: Cloud): readonly string[] => [
  ...Object.keys(naming.seconds),
  ...(id === 'aws' ? ['IssueToken'] : []),
];

/** The dialect in which an operation is asked for if none is named. */
export const usualDialect = (operation: string): string => {
  const found = [...own].find(([, operations]) => operations.some((one) => one === operation));
  return found?.[0] ?? 'aws';
};

/**
 * Why nobody can ask a server for this in that dialect, by a token or by a key; undefined if somebody can. The clouds' own
 * formats take a token for AssumeRoleWithWebIdentity, and for nothing else.
 */
export const whyNotAsked = (
  { dialect, operation, byToken }: { readonly dialect: string; readonly operation: string; readonly byToken: boolean },
  clouds: readonly Cloud[],
): string | undefined => {
  const cloud = clouds.find(({ id }) => id === dialect);
  const operations: readonly string[] = own.get(dialect) ?? (cloud === undefined ? [] : operationsOf(cloud));
  if (!operations.includes(operation)) return `The dialect ${dialect} has no ${operation}.`;
  if (own.has(dialect) || (operation === 'AssumeRoleWithWebIdentity') === byToken) return undefined;
  return `In the dialect ${dialect}, ${operation} is proven by a ${byToken ? 'key, not by a token' : 'token, not by a key'}.`;
};
