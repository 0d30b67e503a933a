import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { carbonOf, type Generation } from '../../../src/core/billing/carbon.ts';

const small: Generation = { outputTokens: 100, latencyMs: 10_000, activeParams: 8, totalParams: 8, zone: 'WOR' };

/** Equal to the digits that the vectors have. */
function assertClose(actual: number, expected: number) {
  assert.ok(Math.abs(actual - expected) <= Math.abs(expected) * 1e-5, `${actual} is not ${expected}`);
}

const vectors: readonly { title: string; generation: Generation; kWh: [number, number]; kg: [number, number] }[] = [
  {
    title: 'whose time was shorter than the call',
    generation: small,
    kWh: [0.00025466, 0.000498912],
    kg: [0.0001598, 0.000304035],
  },
  {
    title: 'that cannot have taken longer than the call',
    generation: { ...small, latencyMs: 1_000, zone: 'FRA' },
    kWh: [0.000176734, 0.000420871],
    kg: [1.74388e-5, 3.69904e-5],
  },
  {
    title: 'by a mixture of experts on two cards',
    generation: { outputTokens: 500, latencyMs: 12_000, activeParams: 22, totalParams: 141, zone: 'FRA' },
    kWh: [0.003847552, 0.006288928],
    kg: [0.000386972, 0.000582488],
  },
];

describe('the carbon of a call', () => {
  for (const { title, generation, kWh, kg } of vectors) {
    it(`is EcoLogits' for a generation ${title}`, () => {
      const carbon = carbonOf(generation);
      assertClose(carbon.kWh.min, kWh[0]);
      assertClose(carbon.kWh.max, kWh[1]);
      assertClose(carbon.kgCO2eq.min, kg[0]);
      assertClose(carbon.kgCO2eq.max, kg[1]);
    });
  }

  it('takes the world for a zone whose electricity is not known', () => {
    assert.deepEqual(carbonOf({ ...small, zone: 'MCO' }), carbonOf(small));
  });

  it('lets either number of parameters stand in for the other', () => {
    assert.deepEqual(carbonOf({ ...small, totalParams: 0 }), carbonOf(small));
    assert.deepEqual(carbonOf({ ...small, activeParams: 0 }), carbonOf(small));
  });

  const none = { kWh: { min: 0, max: 0 }, kgCO2eq: { min: 0, max: 0 } };

  it('is nothing for a model of unknown size', () => {
    assert.deepEqual(carbonOf({ ...small, activeParams: 0, totalParams: 0 }), none);
  });

  it('is nothing where nothing is generated', () => {
    assert.deepEqual(carbonOf({ ...small, outputTokens: 0 }), none);
  });

  it('is a range of finite numbers that grows with the tokens', () => {
    const size = fc.integer({ min: 0, max: 2_000 });
    const generations = fc.record({
      outputTokens: fc.nat(1_000_000),
      latencyMs: fc.nat(3_600_000),
      activeParams: size,
      totalParams: size,
      zone: fc.constantFrom('WOR', 'FRA', 'REU'),
    });
    fc.assert(
      fc.property(generations, (generation) => {
        const less = carbonOf(generation);
        const more = carbonOf({ ...generation, outputTokens: generation.outputTokens + 1_000 });
        for (const key of ['kWh', 'kgCO2eq'] as const) {
          assert.ok(less[key].min >= 0 && less[key].min <= less[key].max && Number.isFinite(less[key].max));
          assert.ok(more[key].max >= less[key].max);
        }
      }),
    );
  });
});
