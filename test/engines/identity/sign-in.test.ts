import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GatewayError } from '../../../src/core/errors.ts';
import { buildCall } from '../../helpers/calls.ts';
import { useEngines } from '../../helpers/engines.ts';
import { masterKey, openIdentity, password, type TestIdentity } from '../../helpers/identity.ts';

const hour = 3_600_000;

describe('sign-in', () => {
  let identity: TestIdentity;
  before(async () => {
    identity = await openIdentity(useEngines());
  });
  after(() => identity.close());

  const signIn = (email: string, secret: string) => identity.verbs.signIn({ email, password: secret }, buildCall());
  const authenticate = (secret: string) => identity.verbs.authenticate({ secret }, buildCall());

  async function refusal(email: string, secret: string): Promise<GatewayError> {
    try {
      await signIn(email, secret);
    } catch (error) {
      if (error instanceof GatewayError) return error;
    }
    return assert.fail('signed in');
  }

  it('gives a key of the user that lives an hour', async () => {
    const { id: userId, email } = await identity.buildUser();
    const start = identity.clock.time;
    const { secret } = await signIn(email, password);
    assert.equal((await authenticate(secret)).userId, userId);
    identity.clock.time = start + hour;
    await assert.rejects(authenticate(secret), /Invalid API key/);
    identity.clock.time = start;
  });

  it('ends the session before it and leaves other keys alone', async () => {
    const { id: userId, email } = await identity.buildUser();
    const kept = await identity.buildKey(userId);
    const first = await signIn(email, password);
    const second = await signIn(email, password);
    await assert.rejects(authenticate(first.secret), /Invalid API key/);
    await authenticate(second.secret);
    await authenticate(kept.secret);
  });

  it('refuses a wrong password and an unknown address in the same words', async () => {
    const { email } = await identity.buildUser();
    const [wrong, unknown] = [await refusal(email, 'wrong password'), await refusal('nobody@example.org', password)];
    assert.equal(wrong.status, 401);
    assert.deepEqual([wrong.code, wrong.publicMessage], [unknown.code, unknown.publicMessage]);
  });

  it('checks a hash for an unknown address too', async () => {
    const { email } = await identity.buildUser();
    const timed = async (address: string): Promise<number> => {
      const start = performance.now();
      await refusal(address, 'wrong password');
      return performance.now() - start;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 7; round++) {
      known.push(await timed(email));
      unknown.push(await timed('nobody@example.org'));
      identity.clock.time += hour;
    }
    const fastest = (values: number[]) => Math.min(...values);
    const ratio = fastest(unknown) / fastest(known);
    // Without the hash it would be below 0.1; the machine's other work accounts for the width.
    assert.ok(ratio > 0.5 && ratio < 2, `an unknown address takes ${ratio.toFixed(2)} times as long`);
  });

  it('makes an address wait from its fifth failure on, twice as long each time', async () => {
    const { email } = await identity.buildUser();
    const start = identity.clock.time;
    for (let failure = 1; failure <= 5; failure++) assert.equal((await refusal(email, 'wrong password')).status, 401);
    for (const waitMs of [1_000, 2_000, 4_000]) {
      const blocked = await refusal(email, password);
      assert.deepEqual([blocked.code, blocked.retryAfterMs], ['rate_limit_exceeded', waitMs]);
      identity.clock.time += waitMs;
      assert.equal((await refusal(email, 'wrong password')).status, 401);
    }
    identity.clock.time = start;
  });

  it('never makes an address wait for more than a quarter of an hour', async () => {
    const email = 'patient@example.org';
    const start = identity.clock.time;
    for (let failure = 0; failure < 20; failure++) {
      await identity.signInAttempts.begin(email, identity.clock.time);
      identity.clock.time += 900_000;
    }
    assert.equal(await identity.signInAttempts.begin(email, identity.clock.time), 0);
    assert.equal(await identity.signInAttempts.begin(email, identity.clock.time), 900_000);
    identity.clock.time = start;
  });

  it('forgets failures after a success', async () => {
    const { email } = await identity.buildUser();
    for (let round = 0; round < 2; round++) {
      for (let failure = 1; failure <= 4; failure++) assert.equal((await refusal(email, 'wrong password')).status, 401);
      await signIn(email, password);
    }
  });

  it('counts attempts made at once, before any of them is judged', async () => {
    const attempts = Array.from({ length: 12 }, () => refusal('crowd@example.org', 'wrong password'));
    const codes = (await Promise.all(attempts)).map((error) => error.code);
    const judged = codes.filter((code) => code === 'not_authenticated').length;
    assert.equal(judged, 5);
  });

  it('answers the master key to who knows it, as user 0', async () => {
    assert.deepEqual(await signIn('master', masterKey), { id: 0, secret: masterKey });
    assert.equal((await refusal('master', 'not the master key')).status, 401);
  });
});
