import type { VendorName } from '../../src/core/models.ts';
import type { TestApp } from './app.ts';
import { buildProvider, buildRouter } from './models.ts';

/** A model that every user may call, answered by a vendor at `url`. Comes before the users sign up. */
export async function offerModel(
  { deps }: TestApp,
  { name, url, vendor = 'openai' }: { name: string; url: string; vendor?: VendorName },
): Promise<void> {
  const [id, providerId] = [await deps.counters.next('router'), await deps.counters.next('provider')];
  const provider = buildProvider({ id: providerId, routerId: id, vendor, url, modelName: 'gpt-test' });
  await deps.routers.create(buildRouter({ id, name, type: 'text-generation', providers: [provider] }), [1, 2]);
}
