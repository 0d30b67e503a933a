import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { TokenTally } from '../../../src/core/billing/token-tally.ts';

function tallyOf(...texts: string[]): TokenTally {
  const tally = new TokenTally();
  for (const text of texts) tally.add(text);
  return tally;
}

const byFour = (text: string) => Math.ceil(text.length / 4);

describe('a tally of tokens', () => {
  it('is none for no text', () => {
    assert.equal(tallyOf().estimate(byFour), 0);
    assert.equal(tallyOf('', '').estimate(byFour), 0);
  });

  it('counts a short text as a whole', () => {
    const seen: string[] = [];
    tallyOf('one ', 'two').estimate((text) => {
      seen.push(text);
      return 2;
    });
    assert.deepEqual(seen, ['one two']);
  });

  it('estimates long texts by a small sample from all over', () => {
    const text = `${'a'.repeat(500_000)}${'b'.repeat(500_000)}`;
    let sample = '';
    const estimate = tallyOf(text).estimate((given) => {
      sample = given;
      return given.length / 4;
    });
    assert.equal(estimate, 250_000);
    assert.ok(sample.length < 5_000);
    assert.ok(sample.includes('a') && sample.includes('b'));
  });

  it('takes texts of up to three windows as a whole, and of longer ones a window at every power of two', () => {
    for (const [length, sampled] of [
      [30, 30],
      [31, 30],
      [41, 31],
      [79, 40],
      [81, 41],
    ] as const) {
      const tally = new TokenTally(10);
      tally.add('a'.repeat(length));
      assert.equal(
        tally.estimate((sample) => {
          assert.equal(sample.length, sampled);
          return sample.length;
        }),
        length,
      );
    }
  });

  it('does not depend on how the text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 0, maxLength: 700 }), { maxLength: 12 }), (texts) => {
        const samples: string[] = [];
        for (const tally of [tallyOf(...texts), tallyOf(texts.join(''))]) {
          tally.estimate((sample) => {
            samples.push(sample);
            return 1;
          });
        }
        assert.equal(samples[0], samples[1]);
      }),
    );
  });
});
