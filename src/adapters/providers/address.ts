import { assertThat } from '../../core/errors.ts';
import type { Target } from './vendor.ts';

/** Where a deployment is, with a slash at its end. Throws `upstream_error` for one that was stored without. */
export function addressOf({ url, modelName }: Target): string {
  assertThat(url, 'upstream_error', `The provider of ${modelName} is configured without an address.`);
  return url;
}
