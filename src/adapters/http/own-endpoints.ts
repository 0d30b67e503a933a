import { networkInterfaces } from 'node:os';
import { canonicalAddress } from './address-ranges.ts';
import { NameUnresolved, type Resolve } from './resolve.ts';

/** Where this installation listens, or an engine of its. `port` is that of the connection. */
export interface Endpoint {
  /** A name or an address; `0.0.0.0` or `::` for all of this machine's. */
  host: string;
  port: number;
}

/**
 * Endpoints that are refused also where a public name leads to them or an allowed range has them: an allowance for
 * models at 10.0.0.0/8 is none for the database at 10.0.0.5.
 */
export function createOwnEndpoints(endpoints: readonly Endpoint[], resolve: Resolve) {
  return {
    async includes(address: string, port: number): Promise<boolean> {
      const wanted = canonicalAddress(address);
      const hosts = endpoints.filter((endpoint) => endpoint.port === port).map(({ host }) => host);
      const own = await Promise.all(hosts.map((host) => addressesOf(host, resolve)));
      return own.some((addresses) => addresses.some((one) => canonicalAddress(one) === wanted));
    },
  };
}

async function addressesOf(host: string, resolve: Resolve): Promise<readonly string[]> {
  if (host === '0.0.0.0' || host === '::') {
    const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    return ['127.0.0.1', ...interfaces.map(({ address }) => address)];
  }
  if (canonicalAddress(host) !== null) return [host];
  try {
    return (await resolve(host)).map(({ address }) => address);
  } catch (error) {
    // A name that leads nowhere is nowhere to be protected. One that nobody answered for may lead anywhere.
    if (error instanceof NameUnresolved && error.isCertain) return [];
    throw error;
  }
}

const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443, mongodb: 27_017 };

/** Those in an address of an engine: `host:port`, a URL, or one with several hosts as MongoDB's. */
export function endpointsIn(address: string): Endpoint[] {
  const [, scheme = '', authority = ''] = /^(?:([a-z+]+):\/\/)?(?:[^@/]*@)?([^/?]*)/i.exec(address) ?? [];
  const defaultPort = defaultPorts[scheme.toLowerCase()];
  return authority.split(',').flatMap((text) => {
    const [, bracketed, plain, port = defaultPort] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
    const host = bracketed ?? plain;
    return host === undefined || port === undefined ? [] : [{ host, port: Number(port) }];
  });
}
