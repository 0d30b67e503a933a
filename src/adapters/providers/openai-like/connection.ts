import type { Http, HttpAnswer } from '../../http/client.ts';
import { addressOf, baseOf } from '../address.ts';
import { ask } from '../ask.ts';
import type { Target, VendorCall } from '../vendor.ts';
import type { OpenAiLike } from './description.ts';

/** Asks deployments of one vendor. */
export function createConnection(
  http: Http,
  { name, urlOf = urlOfOperation, credentials = bearer }: Pick<OpenAiLike, 'name' | 'urlOf' | 'credentials'>,
) {
  function headersFor({ key }: Target): Record<string, string> {
    return key === null ? {} : credentials(key);
  }

  return {
    /** Posts to an operation such as `chat/completions`; a null body gets. Resolves with the head of a 2xx answer. */
    ask(call: VendorCall, operation: string, body: object | Uint8Array | null): Promise<HttpAnswer> {
      const url = urlOf(addressOf(name, call.target), operation, call.target.modelName);
      return ask(http, call, { url, headers: headersFor(call.target), body });
    },

    /** The same for a path that is relative to the address itself. */
    askPath(call: VendorCall, path: string, body: object | null): Promise<HttpAnswer> {
      const url = `${baseOf(addressOf(name, call.target))}${path}`;
      return ask(http, call, { url, headers: headersFor(call.target), body });
    },
  };
}

export type Connection = ReturnType<typeof createConnection>;

function urlOfOperation(address: string, operation: string): string {
  return `${baseOf(address)}v1/${operation}`;
}

function bearer(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}
