import { assertThat } from '../errors.ts';
import type { VendorName } from '../models.ts';
import { vendorAddresses } from './vendor-addresses.ts';

/** Whose word an address is. What a caller names is guarded; what the operator configures is meant as it is. */
export type NamedBy = 'operator' | 'caller';

/**
 * The address a provider is stored with: without `/v1`, with a slash at its end. Null for the vendor that runs here.
 * Throws `invalid_request` with `param` `url`.
 */
export function providerAddress(vendor: VendorName, given: string | null): string | null {
  if (vendor === 'local') {
    assertThat(given === null, 'invalid_request', 'Expected no url: local models run here.', { param: 'url' });
    return null;
  }
  const text = given ?? vendorAddresses[vendor];
  assertThat(text, 'invalid_request', 'URL is required for this model provider type.', {
    param: 'url',
  });
  return normalised(text, vendor === 'azure' ? ['api-version'] : []);
}

/** `allowed` are the fields of a query that say nothing secret. */
function normalised(text: string, allowed: readonly string[]): string {
  const url = URL.parse(text);
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  assertThat(url && isWeb, 'invalid_request', 'Expected an http or https address.', { param: 'url' });
  assertThat(!url.username && !url.password, 'invalid_request', 'Expected an address without user and password.', {
    param: 'url',
  });
  const isBare = url.hash === '' && [...url.searchParams.keys()].every((name) => allowed.includes(name));
  assertThat(isBare, 'invalid_request', 'Expected an address without query and fragment.', { param: 'url' });
  const path = url.pathname.replace(/\/+$/, '').replace(/\/+v1$/, '');
  return `${url.origin}${path}/${url.search}`;
}
