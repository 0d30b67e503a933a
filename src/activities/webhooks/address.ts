import type { Scheme } from '../../adapters/http/guard.ts';
import type { Outbound } from '../../adapters/http/outbound.ts';
import type { Config } from '../../config.ts';

export interface AddressDependencies {
  config: Pick<Config, 'webhooks'>;
  outbound: Pick<Outbound, 'check'>;
}

/** Throws `invalid_request` for an address that must not be called. It is checked again at each call. */
export async function checkReceiver(
  { config, outbound }: AddressDependencies,
  url: string,
  param: string,
  signal: AbortSignal,
): Promise<void> {
  await outbound.check(url, { schemes: schemesOf(config), param }, signal);
}

/** What the address of a receiver may begin with, when it is stored and at each call. */
export function schemesOf({ webhooks }: AddressDependencies['config']): readonly Scheme[] {
  return webhooks.allowHttp ? ['https', 'http'] : ['https'];
}
