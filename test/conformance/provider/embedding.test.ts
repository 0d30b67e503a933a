import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { createHttp } from '../../../src/adapters/http/client.ts';
import { type VendorSettings, vendorFactories } from '../../../src/adapters/providers/registry.ts';
import type { Embeddings, Vendor } from '../../../src/adapters/providers/vendor.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import type { VendorName } from '../../../src/core/models.ts';
import { useEngines } from '../../helpers/engines.ts';
import { defaultHttpSettings } from '../../helpers/http-settings.ts';
import { localTarget } from '../../helpers/models.ts';
import { cosine } from '../../helpers/word-vectors.ts';

interface EmbeddingCase {
  modelName: string;
  /** Length of the model's own vectors. */
  dimensions: number;
}

/** The vendors whose models run here, and what to try each with; those over HTTP are in the other suites. */
const cases = {
  local: { modelName: 'all-MiniLM-L6-v2', dimensions: 384 },
} satisfies Partial<Record<VendorName, EmbeddingCase>>;

const http = createHttp(defaultHttpSettings);
after(() => http.close());

const settings: VendorSettings = {
  http,
  clock: Date,
  local: { modelsDir: useEngines().modelsDir, threads: 2, idleTimeoutMs: 60_000 },
};

/** What every vendor that embeds must do. */
function conformance(name: string, create: () => Vendor, { modelName, dimensions }: EmbeddingCase) {
  describe(`embeddings of the vendor ${name}`, () => {
    let vendor: Vendor;
    before(() => {
      vendor = create();
    });
    after(() => vendor.close());

    function embed(texts: readonly string[], length: number | null = null): Promise<Embeddings> {
      assert.ok(vendor.embed);
      return vendor.embed({
        target: localTarget(modelName),
        texts,
        dimensions: length,
        signal: new AbortController().signal,
      });
    }

    it('are one vector of unit length per text', async () => {
      const { vectors } = await embed(['one', 'two', 'three']);
      assert.equal(vectors.length, 3);
      for (const vector of vectors) {
        assert.equal(vector.length, dimensions);
        assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-4);
      }
    });

    it('come in the order of the texts, whatever their number and length', async () => {
      const texts = Array.from({ length: 21 }, (_, index) => `${'many '.repeat((index * 13) % 40)}words ${index}`);
      const { vectors } = await embed(texts);
      for (const place of [0, 7, 8, 20]) {
        const { vectors: alone } = await embed([texts[place] ?? '']);
        const similarity = cosine(vectors[place] ?? new Float32Array(), alone[0] ?? new Float32Array());
        assert.ok(similarity > 0.9999, `text ${place} differs from itself: ${similarity}`);
      }
    });

    it('are closer for what means the same', async () => {
      const { vectors } = await embed(['A cat sleeps.', 'The kitten is napping.', 'Interest rates rose again.']);
      const [cat = new Float32Array(), kitten = new Float32Array(), rates = new Float32Array()] = vectors;
      assert.ok(cosine(cat, kitten) > cosine(cat, rates) + 0.2);
    });

    it('are shortened to what was asked, still of unit length', async () => {
      for (const length of [1, 2, dimensions - 1, dimensions]) {
        const { vectors } = await embed(['a sentence'], length);
        assert.equal(vectors[0]?.length, length);
        assert.ok(Math.abs(Math.hypot(...(vectors[0] ?? [])) - 1) < 1e-4);
      }
    });

    it('come with a count of tokens that adds up', async () => {
      const { usage: one } = await embed(['a sentence of words']);
      const { usage: two } = await embed(['a sentence of words', 'a sentence of words']);
      assert.ok(one.promptTokens >= 4);
      assert.equal(two.promptTokens, 2 * one.promptTokens);
      assert.equal(one.completionTokens, 0);
    });

    it('exist for any text', async () => {
      const text = fc.oneof(fc.string({ minLength: 1 }), fc.string({ minLength: 1, unit: 'binary' }));
      await fc.assert(
        fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), async (texts) => {
          const { vectors } = await embed(texts);
          assert.equal(vectors.length, texts.length);
          for (const vector of vectors) assert.ok(vector.every(Number.isFinite));
        }),
        { numRuns: 30 },
      );
    });

    it('are not made for a caller who is gone', async () => {
      assert.ok(vendor.embed);
      const call = { target: localTarget(modelName), texts: ['a'], dimensions: null, signal: AbortSignal.abort() };
      await assert.rejects(
        vendor.embed(call),
        (error) => error instanceof GatewayError && error.code === 'client_closed_request',
      );
    });

    it('of a model that the vendor does not have are refused', async () => {
      assert.ok(vendor.embed);
      const call = { target: localTarget('no/such/../model'), texts: ['a'], dimensions: null };
      await assert.rejects(
        vendor.embed({ ...call, signal: new AbortController().signal }),
        (error) => error instanceof GatewayError,
      );
    });
  });
}

for (const [name, embeddingCase] of Object.entries(cases)) {
  conformance(name, () => vendorFactories[name as keyof typeof cases](settings), embeddingCase);
}
