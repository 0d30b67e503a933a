import type { ModelProvider, ModelType, VendorName } from '../../src/core/models.ts';
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
  app: TestApp,
  { name, url, vendor = 'openai', modelName = 'gpt-test' }: OfferedModel,
): Promise<void> {
  await offerRouter(app, name, [{ vendor, url, modelName }]);
}

/** The same with several providers, of OpenAI unless said otherwise. */
export async function offerRouter(
  { deps }: TestApp,
  name: string,
  providers: readonly Partial<ModelProvider>[],
  type: ModelType = 'text-generation',
): Promise<void> {
  const routerId = await deps.counters.next('router');
  const built: ModelProvider[] = [];
  for (const changes of providers) {
    const id = await deps.counters.next('provider');
    built.push(buildProvider({ id, routerId, vendor: 'openai', modelName: 'gpt-test', ...changes }));
  }
  const router = buildRouter({ id: routerId, name, type, providers: built });
  await deps.routers.create(router, [1, 2]);
}
