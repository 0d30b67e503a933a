import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compatibleVendors, isCompatible } from '../../../src/core/models/compatibility.ts';
import { type ModelType, modelTypes, type VendorName, vendorNames } from '../../../src/core/models.ts';

/** The five vendors that the specification knows, and what it lets them do. */
const specified: readonly VendorName[] = ['albert', 'mistral', 'openai', 'tei', 'vllm'];
const specification: Partial<Record<ModelType, readonly VendorName[]>> = {
  'text-generation': ['albert', 'mistral', 'openai', 'vllm'],
  'image-text-to-text': ['albert', 'mistral', 'openai', 'vllm'],
  'text-embeddings-inference': ['albert', 'openai', 'tei', 'vllm'],
  'text-classification': ['albert', 'tei', 'vllm'],
  'automatic-speech-recognition': ['albert', 'mistral', 'openai', 'vllm'],
  'image-to-text': ['mistral'],
};

describe('which vendors may serve which type of router', () => {
  for (const type of modelTypes) {
    it(`is as specified for ${type}`, () => {
      const ours = compatibleVendors[type].filter((vendor) => specified.includes(vendor));
      assert.deepEqual(ours, specification[type] ?? []);
    });
  }

  it('leaves no vendor without a type', () => {
    const idle = vendorNames.filter((vendor) => !modelTypes.some((type) => isCompatible(type, vendor)));
    assert.deepEqual(idle, []);
  });
});
