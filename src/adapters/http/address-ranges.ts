import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;
type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** All of IPv6 that is routed in public; what lies outside, such as `::7f00:1`, the library takes for unicast. */
const globalIpv6 = ipaddr.parseCIDR('2000::/3');

/** Public by its number, but what answers there is the host that an Azure machine runs on. */
const azureHost = ipaddr.parseCIDR('168.63.129.16/32');

/** What name servers answer in networks without IPv4 (RFC 6052): who connects there is led to the IPv4 address. */
const translated = ipaddr.parseCIDR('64:ff9b::/96');

/** Which addresses may be reached on a caller's word: the public ones, and `allowedCidrs` of the operator's. */
export function createAddressRanges(allowedCidrs: readonly string[]) {
  const allowed = allowedCidrs.map((cidr) => ipaddr.parseCIDR(cidr));
  return {
    /** An IPv4 address inside IPv6 (`::ffff:10.0.0.1`, `64:ff9b::10.0.0.1`) counts as itself. False for no address. */
    admits(text: string): boolean {
      const address = parsed(text);
      if (address === null) return false;
      return allowed.some((range) => isIn(address, range)) || isPublic(address);
    },
  };
}

/** One text for each address, whatever form it came in; all of this machine's loopback are one. Null for no address. */
export function canonicalAddress(text: string): string | null {
  const address = parsed(text);
  if (address === null) return null;
  const range = address.range();
  return range === 'loopback' || range === 'unspecified' ? 'loopback' : address.toString();
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast' || isIn(address, azureHost)) return false;
  return address.kind() === 'ipv4' || isIn(address, globalIpv6);
}

function isIn(address: Address, [network, bits]: Range): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

function parsed(text: string): Address | null {
  if (!ipaddr.isValid(text)) return null;
  const address = ipaddr.process(text);
  return isIn(address, translated) ? ipaddr.fromByteArray(address.toByteArray().slice(-4)) : address;
}
