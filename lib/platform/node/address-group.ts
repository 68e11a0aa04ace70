import { isIPv6 } from 'node:net';

/** Of an IPv6 address, what one subscriber has (RFC 6177): half of its bits, or each of its addresses would be another. */
const subscriberGroups = 4;

/**
 * By what the sender of a request is counted before it is proven: its address, or of IPv6 the network of 64 bits that it
 * is in.
 */
export const addressGroup = (address: string): string => {
  if (!address.includes(':') || !isIPv6(address)) return address;
  // An IPv4 address as a socket for both has it.
  const [, plain] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (plain !== undefined) return plain;
  const [before = '', after] = address.split('%', 1)[0]?.split('::') ?? [];
  const first = before === '' ? [] : before.split(':');
  const last = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? [] : Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0');
  return [...first, ...zeros, ...last].slice(0, subscriberGroups).join(':');
};
