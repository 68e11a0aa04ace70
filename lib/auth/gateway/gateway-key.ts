import type { Gateway } from '../../core/platform-identity.ts';

/** A key that no two gateways share, whatever accounts they are in. */
export const gatewayKey = ({ platform, id }: Gateway): string => JSON.stringify([platform, id]);

/** Whether a gateway is in the account that the configuration names for it; if that names none, in any. */
export const isInAccount = (trusted: Pick<Gateway, 'account'>, found: Pick<Gateway, 'account'>): boolean =>
  trusted.account === undefined || trusted.account === found.account;
