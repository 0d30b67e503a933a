import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../src/core/errors.ts';
import type { VendorName } from '../../../src/core/models.ts';
import { jsonAnswer } from '../../helpers/fake-upstream.ts';
import { patience, secretKey, useVendor } from './setup.ts';
import type { EmbeddingWire } from './wire.ts';

/** What every vendor that embeds over HTTP does. */
export function embeddings(name: VendorName, wire: EmbeddingWire): void {
  describe(`embeddings of the vendor ${name}`, () => {
    const { vendor, upstream, targetOf } = useVendor(name);

    function embed(texts: readonly string[], dimensions: number | null = null, signal = patience()) {
      assert.ok(vendor.embed);
      return vendor.embed({ target: targetOf(wire.modelName), signal, texts, dimensions });
    }

    it('are asked for by the vendor’s model name and key, in order', async () => {
      upstream().next(wire.answer([[1], [1]], 5));
      await embed(['one', 'zwei']);
      const [asked] = upstream().ledger;
      assert.ok(asked);
      const heard = wire.heard(asked);
      if (heard.model !== null) assert.equal(heard.model, wire.modelName);
      if (heard.key !== null) assert.equal(heard.key, secretKey);
      assert.deepEqual(heard.texts, ['one', 'zwei']);
    });

    it('are of unit length, whatever comes', async () => {
      const value = fc.float({ noNaN: true, noDefaultInfinity: true, min: -100, max: 100 });
      await fc.assert(
        fc.asyncProperty(fc.array(value, { minLength: 3, maxLength: 3 }), async (vector) => {
          fc.pre(Math.hypot(...vector) > 1e-3);
          upstream().next(wire.answer([vector], 1));
          const { vectors } = await embed(['text']);
          assert.ok(Math.abs(Math.hypot(...(vectors[0] ?? [])) - 1) < 1e-4);
        }),
        { numRuns: 25 },
      );
    });

    it('are as short as was asked, also from a vendor that does not shorten', async () => {
      upstream().next(wire.answer([[3, 4, 12]], 1));
      const { vectors } = await embed(['text'], 2);
      assert.deepEqual(
        [...(vectors[0] ?? [])].map((value) => value.toFixed(3)),
        ['0.600', '0.800'],
      );
    });

    it('come with the tokens they took', async () => {
      upstream().next(wire.answer([[1]], 17));
      const { usage } = await embed(['text']);
      // A vendor that tells none says so.
      assert.ok(usage.promptTokens === 17 || usage.estimated, JSON.stringify(usage));
      assert.equal(usage.completionTokens, 0);
    });

    it('come for more texts than the vendor takes at once', async () => {
      // The most that a caller may send, where the vendor takes anything.
      const size = wire.batchSize ?? 2_048;
      const texts = Array.from({ length: wire.batchSize ? size + 1 : size }, (_, index) => `text ${index}`);
      upstream().respond((asked) => {
        const heard = wire.heard(asked).texts;
        return wire.answer(
          heard.map((text) => [Number(text.split(' ')[1]), 1]),
          1,
        );
      });
      const { vectors } = await embed(texts);
      assert.equal(vectors.length, texts.length);
      const asked = vectors.map(([first = 0, second = 1]) => Math.round(first / second));
      assert.deepEqual(asked, [...texts.keys()]);
      for (const each of upstream().ledger) assert.ok(wire.heard(each).texts.length <= size);
    });

    it('that are too few, of different lengths or none at all are upstream_error', async () => {
      const wrong = [wire.answer([[1]], 1), wire.answer([[1], [1, 2]], 1), wire.answer([[], []], 1), jsonAnswer({})];
      for (const answer of wrong) {
        upstream().next(answer);
        await assert.rejects(
          embed(['one', 'two']),
          (error) => error instanceof GatewayError && error.code === 'upstream_error',
        );
      }
    });

    it('are not asked for on behalf of somebody who is gone', async () => {
      await assert.rejects(
        embed(['text'], null, AbortSignal.abort()),
        (error) => error instanceof GatewayError && error.code === 'client_closed_request',
      );
      assert.deepEqual(upstream().ledger, []);
    });
  });
}
