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
  const schemes = config.webhooks.allowHttp ? (['https', 'http'] as const) : (['https'] as const);
  await outbound.check(url, { schemes, param }, signal);
}
