import { assertThat } from '../../core/errors.ts';
import { vendorAddresses } from '../../core/models/vendor-addresses.ts';
import type { VendorName } from '../../core/models.ts';
import type { Target } from './vendor.ts';

/** Where a deployment is, as it was written down. Throws `upstream_error` for one that was stored without. */
export function addressOf(vendor: VendorName, { url }: Target): string {
  const address = url ?? vendorAddresses[vendor];
  assertThat(address, 'upstream_error', `The provider of the vendor ${vendor} has no address.`);
  return address;
}

/** With a slash at its end and without `/v1`, however it was written down. */
export function baseOf(address: string): string {
  return `${address.replace(/\/+$/, '').replace(/\/v1$/, '')}/`;
}
