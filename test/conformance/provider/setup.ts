import { after, before, beforeEach, it } from 'node:test';
import { createHttp, type HttpSettings } from '../../../src/adapters/http/client.ts';
import { vendorFactories } from '../../../src/adapters/providers/registry.ts';
import type { Target, Vendor } from '../../../src/adapters/providers/vendor.ts';
import type { VendorName } from '../../../src/core/models.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { defaultHttpSettings } from '../../helpers/http-settings.ts';

export const secretKey = 'sk-a-secret-of-the-tests';

/** A vendor before a fake upstream of its own, in a suite. */
export function useVendor(name: VendorName, changes: Partial<HttpSettings> = {}, clock: { now(): number } = Date) {
  const http = createHttp({ ...defaultHttpSettings, ...changes });
  const vendor: Vendor = vendorFactories[name]({ http, clock, local: { modelsDir: '', threads: 1, idleTimeoutMs: 1 } });
  let upstream: FakeUpstream;
  before(async () => {
    upstream = await startFakeUpstream();
  });
  beforeEach(() => upstream.reset());
  after(async () => {
    await vendor.close();
    await http.close();
    await upstream.close();
  });
  return {
    vendor,
    upstream: () => upstream,
    targetOf: (modelName: string): Target => ({
      modelName,
      url: upstream.url,
      namedBy: 'operator',
      key: secretKey,
    }),
  };
}

/** A signal that nobody aborts. */
export function patience(): AbortSignal {
  return new AbortController().signal;
}

/** `it`, where `condition` holds: what a wire has no words for is not asked of it. */
export function given(condition: unknown): typeof it | (() => void) {
  return condition ? it : () => undefined;
}
