import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createSigningSecrets, type SigningSecrets } from '../../../src/activities/webhooks/signing-secrets.ts';
import { createSecrets } from '../../../src/adapters/secrets/seal.ts';
import { startTestApp, type TestApp } from '../../helpers/app.ts';
import { buildWebhookEndpoint } from '../../helpers/webhooks.ts';

const hour = 3_600_000;

describe('secrets that messages are signed with', () => {
  let app: TestApp;
  let now = 1_763_700_000_000;
  let ownerId = 1_000;
  let signing: SigningSecrets;
  let endpointId: string;
  let first: string;

  before(async () => {
    app = await startTestApp();
    signing = createSigningSecrets({ ...app.deps, clock: { now: () => now } });
  });
  after(() => app.stop());
  beforeEach(async () => {
    ownerId += 1;
    const endpoint = buildWebhookEndpoint({ ownerId });
    const { secret, stored } = signing.issue();
    await app.deps.webhookEndpoints.insert(endpoint, stored, 1);
    endpointId = endpoint.id;
    first = secret;
  });

  async function live(): Promise<string[]> {
    return (await signing.live(ownerId, endpointId)) ?? assert.fail('they can be opened');
  }

  async function rotate(overlapMs: number): Promise<string> {
    return (await signing.rotateEndpoint(ownerId, endpointId, overlapMs)) ?? assert.fail('the endpoint is there');
  }

  it('are the first one alone, until there is another', async () => {
    assert.deepEqual(await live(), [first]);
  });

  it('are the new and the old one while they overlap, and the new one alone from then on', async () => {
    const second = await rotate(hour);
    assert.deepEqual(await live(), [second, first]);
    now += hour - 1;
    assert.deepEqual(await live(), [second, first]);
    now += 1;
    assert.deepEqual(await live(), [second]);
  });

  it('are the new one alone at once, without an overlap', async () => {
    const second = await rotate(0);
    assert.deepEqual(await live(), [second]);
  });

  it('end when they were to end, however often there is another rotation', async () => {
    const second = await rotate(hour);
    now += hour / 2;
    const third = await rotate(hour);
    assert.deepEqual(await live(), [third, second, first]);
    now += hour / 2;
    assert.deepEqual(await live(), [third, second]);
    const fourth = await rotate(0);
    assert.deepEqual(await live(), [fourth]);
  });

  it('are five at most: a sixth has to wait for the end of an overlap', async () => {
    for (let made = 1; made < 5; made += 1) await rotate(hour);
    assert.equal((await live()).length, 5);
    await assert.rejects(rotate(hour), { code: 'conflict' });
    now += hour;
    await rotate(hour);
    assert.equal((await live()).length, 2);
  });

  it('of two rotations at once, one is refused and the other stands', async () => {
    const results = await Promise.allSettled([rotate(hour), rotate(hour)]);
    const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const [current, ...old] = await live();
    assert.ok(made.includes(current ?? ''));
    assert.equal(old.length, made.length);
  });

  it('of an endpoint that is gone are none, and it cannot be rotated', async () => {
    await app.deps.webhookEndpoints.remove(ownerId, endpointId);
    assert.deepEqual(await live(), []);
    assert.equal(await signing.rotateEndpoint(ownerId, endpointId, hour), null);
  });

  it('that were sealed with a key of the past are left out, and a receiver of no others has none until it is rotated', async () => {
    const secrets = createSecrets({ current: 'another key of this installation', old: [] });
    const later = createSigningSecrets({ ...app.deps, secrets, clock: { now: () => now } });
    assert.equal(await later.live(ownerId, endpointId), null);
    const second = await later.rotateEndpoint(ownerId, endpointId, hour);
    assert.deepEqual(await later.live(ownerId, endpointId), [second]);
  });

  it('of an account are made on first use, and stay the same', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => signing.live(ownerId, null)));
    assert.ok(made[0]);
    assert.equal(new Set(made.flat()).size, 1);
  });

  it('of an account are its first at the first rotation, and overlap from the second on', async () => {
    const one = await signing.rotateAccount(ownerId, hour);
    assert.deepEqual(await signing.live(ownerId, null), [one]);
    const two = await signing.rotateAccount(ownerId, hour);
    assert.deepEqual(await signing.live(ownerId, null), [two, one]);
    now += hour;
    assert.deepEqual(await signing.live(ownerId, null), [two]);
  });

  it("of one account are not another's", async () => {
    const mine = await signing.live(ownerId, null);
    assert.equal(mine?.length, 1);
    assert.notDeepEqual(await signing.live(ownerId + 1, null), mine);
    assert.deepEqual(await signing.live(ownerId + 1, endpointId), []);
  });
});
