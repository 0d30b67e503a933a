import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPasswords } from '../../../src/adapters/passwords/argon2.ts';
import { GatewayError } from '../../../src/core/errors.ts';

const passwords = createPasswords();

describe('passwords', () => {
  it('are stored as argon2id with the documented cost and a salt of their own', async () => {
    const [first, second] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
    assert.match(first, /^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
    assert.notEqual(first, second);
  });

  it('match themselves and nothing else', async () => {
    const hash = await passwords.hash('correct horse');
    assert.equal(await passwords.verify(hash, 'correct horse'), true);
    assert.equal(await passwords.verify(hash, 'correct horse '), false);
  });

  it('match in every way to write an accented letter', async () => {
    const hash = await passwords.hash('caf\u00e9 au lait');
    assert.equal(await passwords.verify(hash, 'cafe\u0301 au lait'), true);
  });

  it('of nobody never match', async () => {
    assert.equal(await passwords.verify(null, 'correct horse'), false);
  });

  it('are turned away when too many wait', async () => {
    const busy = createPasswords({ maxRunning: 1, maxPending: 2 });
    const admitted = [busy.verify(null, 'a'), busy.verify(null, 'b')];
    await assert.rejects(
      busy.verify(null, 'c'),
      (error) => error instanceof GatewayError && error.code === 'overloaded' && error.retryAfterMs !== null,
    );
    assert.deepEqual(await Promise.all(admitted), [false, false]);
    assert.equal(await busy.verify(null, 'd'), false);
  });
});
