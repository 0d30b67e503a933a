/**
 * What a caller may make this installation connect to. The address itself is judged, then every address that its name
 * has, and then the one that a socket is connected to: a name may lead elsewhere the next time it is asked.
 */
import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { GatewayError } from '../../core/errors.ts';
import { createAddressRanges } from './address-ranges.ts';
import { createOwnEndpoints, type Endpoint } from './own-endpoints.ts';
import { createResolve, type Resolve } from './resolve.ts';
import { unlessAborted } from './unless-aborted.ts';

export interface GuardSettings {
  /** Ranges that may be reached although they are not public, e.g. `10.1.0.0/16`. */
  allowedCidrs: readonly string[];
  /** Each one port, or the first and the last of several: `1024-65535`. */
  allowedPorts: readonly string[];
  ownEndpoints: readonly Endpoint[];
}

export const defaultGuardSettings: GuardSettings = {
  allowedCidrs: [],
  allowedPorts: ['80', '443', '1024-65535'],
  ownEndpoints: [],
};

export type Scheme = 'http' | 'https';

/** What else is asked of an address. */
export interface AddressRules {
  schemes: readonly Scheme[];
  /** The field of the request that it came in. */
  param: string;
}

/** The cause of whatever fails because of the guard. `sentence` says nothing that its caller did not write. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly sentence: string;

  constructor(sentence: string, detail = sentence) {
    super(detail);
    this.sentence = sentence;
  }
}

/** Also of a name that has no address: whether a name of the inside exists is not told to the outside. */
const notPublic = 'Expected an address that the public internet leads to.';

export function createGuard(settings: GuardSettings = defaultGuardSettings, resolve: Resolve = createResolve()) {
  const ranges = createAddressRanges(settings.allowedCidrs);
  const ports = settings.allowedPorts.map((range) => range.split('-').map(Number));
  const ownEndpoints = createOwnEndpoints(settings.ownEndpoints, resolve);

  /** Parsed once: what is judged is what is called. Throws `AddressRefused`. */
  function parse(text: string, schemes: readonly Scheme[] = ['http', 'https']): URL {
    const url = URL.parse(text);
    const allowed = schemes.map((scheme) => `${scheme}:`);
    if (!url || !allowed.includes(url.protocol)) {
      throw new AddressRefused(`Expected an absolute address that begins with ${schemes.join(':// or ')}://.`);
    }
    if (url.username !== '' || url.password !== '') {
      throw new AddressRefused('Expected an address without user and password.');
    }
    const port = portOf(url);
    if (!ports.some(([first = 0, last = first]) => port >= first && port <= last)) {
      throw new AddressRefused(`Expected a port that may be called; got ${port}.`);
    }
    return url;
  }

  /** The addresses behind a host, of which every one may be reached. Throws `AddressRefused` or `NameUnresolved`. */
  async function admitted(hostname: string, port: number) {
    const family = isIP(hostname);
    const addresses = family === 0 ? await resolve(hostname) : [{ address: hostname, family }];
    for (const { address } of addresses) {
      const isAdmitted = ranges.admits(address) && !(await ownEndpoints.includes(address, port));
      if (!isAdmitted) throw new AddressRefused(notPublic, `${hostname} leads to ${address}, port ${port}`);
    }
    return addresses;
  }

  return {
    parse,

    /** Judges an address before it is stored, its name included. Throws `invalid_request` with `rules.param`. */
    async check(text: string, { schemes, param }: AddressRules, signal: AbortSignal): Promise<URL> {
      try {
        const url = parse(text, schemes);
        await unlessAborted(admitted(bare(url.hostname), portOf(url)), signal);
        return url;
      } catch (cause) {
        if (signal.aborted) throw signal.reason;
        const sentence = cause instanceof AddressRefused ? cause.sentence : notPublic;
        throw new GatewayError('invalid_request', sentence, { param, cause });
      }
    },

    /** Connects to one origin and to nothing else that its name may lead to. */
    connectorTo(origin: URL, timeoutMs: number): buildConnector.connector {
      const port = portOf(origin);
      const connect = buildConnector({
        timeout: timeoutMs,
        allowH2: false,
        lookup: (name, options, done) => {
          admitted(name, port).then(
            (addresses) => {
              const [first] = addresses;
              if (options.all || !first) done(null, [...addresses]);
              else done(null, first.address, first.family);
            },
            (error) => done(error, []),
          );
        },
      });

      return (options, callback) => {
        const begin = () =>
          connect(options, (error, socket) => {
            if (error) return callback(error, null);
            const { remoteAddress = '' } = socket;
            if (ranges.admits(remoteAddress)) return callback(null, socket);
            socket.destroy();
            callback(new AddressRefused(notPublic, `the connection was made to ${remoteAddress}`), null);
          });
        // A look-up is never made of a literal address.
        const hostname = bare(options.hostname);
        if (isIP(hostname) === 0) begin();
        else admitted(hostname, port).then(begin, (error) => callback(error, null));
      };
    },
  };
}

export type Guard = ReturnType<typeof createGuard>;

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}

/** An IPv6 address stands in brackets in a URL. */
function bare(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}
