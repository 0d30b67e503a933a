import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../src/core/errors.ts';
import { untilAnswered } from '../../src/workers/until-answered.ts';

describe('a worker whose engine does not answer', () => {
  const warnings: string[] = [];
  const ignore = () => undefined;
  const warn = (_fields: object, message: string) => void warnings.push(message);
  const patience = {
    isAway: (error: unknown) => error instanceof TypeError,
    log: { debug: ignore, info: ignore, warn, error: ignore },
    address: 'engine:7233',
    againAfterMs: 1,
  };

  it('asks again until it does, and says so each time', async () => {
    let asked = 0;
    const answer = await untilAnswered(async () => {
      asked += 1;
      if (asked < 3) throw new TypeError('away');
      return 'here';
    }, patience);
    assert.equal(answer, 'here');
    assert.equal(warnings.length, 2);
  });

  it('is away where our own client of it says so', async () => {
    const { isAway: _ours, ...terms } = patience;
    const answers = [Promise.reject(new GatewayError('unavailable', 'Away.')), Promise.resolve('here')];
    assert.equal(await untilAnswered(async () => answers.shift(), terms), 'here');
  });

  it('ends with any other error', async () => {
    const failing = untilAnswered(() => Promise.reject(new RangeError('no such queue')), patience);
    await assert.rejects(failing, RangeError);
  });
});
