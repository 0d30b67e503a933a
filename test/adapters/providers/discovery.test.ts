import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../src/core/errors.ts';
import type { ModelType, VendorName } from '../../../src/core/models.ts';
import { patience, useVendor } from '../../conformance/provider/setup.ts';
import { jsonAnswer, type Respond } from '../../helpers/fake-upstream.ts';
import { speaksAnthropic } from '../../helpers/wire/anthropic.ts';
import { speaksGemini } from '../../helpers/wire/gemini.ts';
import { speaksOllama } from '../../helpers/wire/ollama.ts';

interface Case {
  vendor: VendorName;
  speaks: Respond;
  type: ModelType;
  path: string;
  expected: { maxContextLength: number | null; vectorSize: number | null };
}

const chat = 'text-generation';
const embedding = 'text-embeddings-inference';
const model = 'models/model';

const cases: readonly Case[] = [
  {
    vendor: 'anthropic',
    speaks: speaksAnthropic(),
    type: chat,
    path: `/v1/${model}`,
    expected: { maxContextLength: 200_000, vectorSize: null },
  },
  {
    vendor: 'gemini',
    speaks: speaksGemini(),
    type: chat,
    path: `/v1beta/${model}`,
    expected: { maxContextLength: 1_048_576, vectorSize: null },
  },
  {
    vendor: 'gemini',
    speaks: speaksGemini(),
    type: embedding,
    path: `/v1beta/${model}`,
    expected: { maxContextLength: 1_048_576, vectorSize: 3 },
  },
  {
    vendor: 'ollama',
    speaks: speaksOllama(),
    type: chat,
    path: '/api/show',
    expected: { maxContextLength: 131_072, vectorSize: null },
  },
  {
    vendor: 'ollama',
    speaks: speaksOllama(),
    type: embedding,
    path: '/api/show',
    expected: { maxContextLength: 131_072, vectorSize: 3_072 },
  },
];

for (const { vendor: name, speaks, type, path, expected } of cases) {
  describe(`a model of ${name} for ${type}`, () => {
    const { vendor, upstream, targetOf } = useVendor(name);

    function discover() {
      assert.ok(vendor.discover);
      return vendor.discover({ target: targetOf('model'), type, signal: patience() });
    }

    it('is asked about itself', async () => {
      upstream().respond(speaks);
      assert.deepEqual(await discover(), expected);
      assert.equal(upstream().ledger[0]?.path, path);
    });

    it('may say nothing of itself', async () => {
      upstream().next(jsonAnswer({}));
      upstream().respond(speaks);
      assert.equal((await discover()).maxContextLength, null);
    });

    it('that is not there is upstream_error', async () => {
      upstream().respond(jsonAnswer({ error: 'not found' }, 404));
      await assert.rejects(discover(), (error) => error instanceof GatewayError && error.code === 'upstream_error');
    });
  });
}
