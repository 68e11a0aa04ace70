import { omitUndefined } from '../core/omit-undefined.ts';
import { isObject, member, readJson } from '../wire/json.ts';
import { ClientError } from './errors.ts';

const states = ['fresh', 'due', 'failing', 'missing'] as const;

/** How a lease is doing, as a server says it. */
export interface LeaseReport {
  readonly name: string;
  readonly account: string;
  readonly state: (typeof states)[number];
  readonly mintedAt?: Date;
  readonly expiration?: Date;
  readonly nextRefresh?: Date;
  readonly failures: number;
  readonly deliveryFailures: number;
  readonly pendingDeliveries: number;
  readonly code?: string;
}

const plainName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

const instantOf = (value: unknown): Date | undefined => {
  const instant = typeof value === 'string' ? new Date(value) : undefined;
  return instant === undefined || Number.isNaN(instant.getTime()) ? undefined : instant;
};

const countOf = (value: unknown): number => (Number.isSafeInteger(value) ? Number(value) : 0);

const nameOf = (value: unknown): string | undefined =>
  typeof value === 'string' && plainName.test(value) ? value : undefined;

const reportOf = (value: unknown): LeaseReport | undefined => {
  if (!isObject(value)) return undefined;
  const [name, account] = [nameOf(value['name']), nameOf(value['account'])];
  const state = states.find((one) => one === value['state']);
  if (name === undefined || account === undefined || state === undefined) return undefined;
  return {
    name,
    account,
    state,
    failures: countOf(value['failures']),
    deliveryFailures: countOf(value['deliveryFailures']),
    pendingDeliveries: countOf(value['pendingDeliveries']),
    ...omitUndefined({
      mintedAt: instantOf(value['mintedAt']),
      expiration: instantOf(value['expiration']),
      nextRefresh: instantOf(value['nextRefresh']),
      code: nameOf(value['code']),
    }),
  };
};

/** One page of a server's leases after a name, and after which the next begins. Throws a ClientError if it is anything else. */
export const readLeaseReports = (
  body: string,
  after = '',
): { readonly leases: readonly LeaseReport[]; readonly next: string | undefined } => {
  const answer = readJson(body);
  const list = member(answer, 'leases');
  const leases = Array.isArray(list) ? list.flatMap((one) => reportOf(one) ?? []) : undefined;
  if (!Array.isArray(list) || leases?.length !== list.length) {
    throw new ClientError('refused', 'NotCredmint', 'The answer of the server is no list of leases.');
  }
  const next = nameOf(member(answer, 'next'));
  // A server that goes round in a circle would be asked for ever.
  return { leases, next: next !== undefined && next > after && next === leases.at(-1)?.name ? next : undefined };
};
