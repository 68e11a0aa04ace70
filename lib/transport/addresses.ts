import { BlockList, isIP } from 'node:net';

// IANA's registries of special-purpose addresses: what is not for the public internet.
// https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry

const special4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16', // the metadata of cloud machines lives here
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/** Of IPv6 only 2000::/3 is given out at all; these are the special ranges in it. */
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

/** Ranges, written `10.0.0.0/8`, as a list that can be asked. */
export const addressList = (ranges: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return list;
};

/** Whether a text is an address, or a range written `10.0.0.0/8`. */
export const isAddressRange = (text: string): boolean => {
  const [address = '', bits = '0', ...more] = text.split('/');
  const version = isIP(address);
  // A zone names an interface of one machine, and no range.
  if (version === 0 || address.includes('%') || more.length > 0) return false;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 6 ? 128 : 32);
};

/** A list made when it is first asked: most instances never ask, and Node's lists take milliseconds to load. */
const listed = (ranges: readonly string[]): ((address: string) => boolean) => {
  let list: BlockList | undefined;
  return (address) => {
    list ??= addressList(ranges);
    return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  };
};

const isSpecial4 = listed(special4);
const isSpecial6 = listed(special6);
const isGiven6 = listed(['2000::/3']);
const isEmbedding6 = listed(['64:ff9b::/96']);
const isMapped6 = listed(['::ffff:0:0/96']);
const isLoopback = listed(['127.0.0.0/8', '::1/128']);

/** The last 32 bits of an IPv6 address, as the IPv4 address that some of them carry. */
const embedded4 = (address: string): string => {
  // As a URL spells it, the last two groups are hexadecimal: `[64:ff9b::a00:1]`.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':').slice(-2);
  const [high = 0, low = 0] = groups.map((group) => Number.parseInt(group || '0', 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
};

/** Whether an address is somewhere on the public internet. What is no address, or has a zone, is not. */
export const isPublicAddress = (address: string): boolean => {
  if (isIP(address) === 4) return !isSpecial4(address);
  if (isIP(address) !== 6 || address.includes('%')) return false;
  // An address that a network translates to one of IPv4: that one decides.
  if (isEmbedding6(address) || isMapped6(address)) return isPublicAddress(embedded4(address));
  return isGiven6(address) && !isSpecial6(address);
};

/** Whether an address leads back to this machine. */
export const isLoopbackAddress = (address: string): boolean => isIP(address) !== 0 && isLoopback(address);

/** Whether the host of a URL, as `hostname` spells it, is this machine: `localhost` or a loopback address. */
export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || isLoopbackAddress(host.replace(/^\[(.*)\]$/, '$1'));

/** Whether the host of a URL, as `hostname` spells it, is where a machine of a cloud is given its key. */
export const isMetadataHost = (host: string): boolean =>
  /^(169\.254\.\d+\.\d+|\[fd00:ec2::[\da-f]+\]|metadata\.tencentyun\.com)$/.test(host);
