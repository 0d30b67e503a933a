import type { Target } from '../../src/adapters/providers/vendor.ts';
import { createSecrets } from '../../src/adapters/secrets/seal.ts';
import { type ModelProvider, type ModelRouter, plainProvider } from '../../src/core/models.ts';
import { type Bill, type Usage, usageOf } from '../../src/core/usage.ts';

const times = { ownerId: null, vectorSize: null, maxContextLength: null, createdAt: 0, updatedAt: 0 };

/** A router for embeddings with no provider, but for what the test says. */
export function buildRouter(changes: Partial<ModelRouter> = {}): ModelRouter {
  return {
    ...times,
    id: 1,
    managedBy: null,
    name: 'model',
    aliases: [],
    type: 'text-embeddings-inference',
    strategy: 'shuffle',
    promptPriceMicros: 0,
    completionPriceMicros: 0,
    providers: [],
    ...changes,
  };
}

export function buildProvider(changes: Partial<ModelProvider> = {}): ModelProvider {
  return {
    ...plainProvider,
    ...times,
    id: 1,
    routerId: 1,
    vendor: 'local',
    url: null,
    namedBy: 'operator',
    sealedKey: null,
    modelName: 'model',
    ...changes,
  };
}

/** A deployment in this process. */
export function localTarget(modelName: string): Target {
  return { modelName, url: null, namedBy: 'operator', key: null };
}

/** What an answer consumed and cost in a test that is about something else. */
export const nothingUsed: { usage: Usage; bill: Bill } = {
  usage: usageOf({}),
  bill: { costMicros: 0, carbon: { kWh: { min: 0, max: 0 }, kgCO2eq: { min: 0, max: 0 } }, requests: 1 },
};

export const testSecrets = createSecrets({ current: 'a secret of the tests', old: [] });
