import type { VendorName } from '../../src/core/models.ts';
import type { TestApp } from './app.ts';
import { buildProvider, buildRouter } from './models.ts';

export interface OfferedModel {
  name: string;
  url: string;
  vendor?: VendorName;
  /** Its name at the vendor. */
  modelName?: string;
}

/** A model that every user may call, answered by a vendor at `url`. Comes before the users sign up. */
export async function offerModel(
  { deps }: TestApp,
  { name, url, vendor = 'openai', modelName = 'gpt-test' }: OfferedModel,
): Promise<void> {
  const [id, providerId] = [await deps.counters.next('router'), await deps.counters.next('provider')];
  const provider = buildProvider({ id: providerId, routerId: id, vendor, url, modelName });
  await deps.routers.create(buildRouter({ id, name, type: 'text-generation', providers: [provider] }), [1, 2]);
}
