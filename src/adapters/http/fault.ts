import { errors } from 'undici';
import { AddressRefused } from './guard.ts';
import { NameUnresolved } from './resolve.ts';

/** Why no answer came: what failed on the way. */
export type Fault = 'refused' | 'dns' | 'connect' | 'tls' | 'timeout' | 'reset';

/** For whoever named the address. A name of the inside that exists is told from none by neither its text nor its time. */
export const faultSentences: Record<Fault, string> = {
  refused: 'The address could not be reached over the public internet.',
  dns: 'The address could not be reached over the public internet.',
  connect: 'The connection was refused.',
  tls: 'No secure connection could be made: the certificate or the protocol was not accepted.',
  timeout: 'No answer came in time.',
  reset: 'The connection was closed before an answer came.',
};

const timeouts = ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];
const unreachable = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'EADDRNOTAVAIL'];

/** What an error of a request means, wherever in its causes it is said. */
export function faultOf(error: unknown): Fault {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof AddressRefused) return 'refused';
    if (cause instanceof NameUnresolved) return 'dns';
    if (cause.name === 'TimeoutError' || cause instanceof errors.ConnectTimeoutError) return 'timeout';
    const code = codeOf(cause);
    if (timeouts.includes(code)) return 'timeout';
    if (unreachable.includes(code)) return 'connect';
    if (isTls(code)) return 'tls';
  }
  return 'reset';
}

/** OpenSSL's words for what is wrong with a certificate have no prefix in common. */
function isTls(code: string): boolean {
  return /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO$)|_CERT(?:IFICATE)?(?:_|$)/.test(code);
}

function codeOf(error: Error): string {
  if (error instanceof AggregateError) return codeOf(error.errors.find((one) => one instanceof Error) ?? new Error());
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
