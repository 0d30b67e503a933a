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
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[3] ?? 0;
    const ratio = median(unknown) / median(known);
    // Without the hash it would be below 0.1; the machine's other work accounts for the width.
    assert.ok(ratio > 0.5 && ratio < 2, `an unknown address takes ${ratio.toFixed(2)} times as long`);
  });

  it('answers the master key to who knows it, as user 0', async () => {
    assert.deepEqual(await signIn('master', masterKey), { id: 0, secret: masterKey });
    assert.equal((await refusal('master', 'not the master key')).status, 401);
  });
});
