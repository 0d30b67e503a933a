import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { connectMongo } from '../../../src/adapters/mongo/connection.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import type { PresentedEndpoint, PresentedList } from '../../helpers/webhooks.ts';

const url = 'https://127.0.0.1:8443/hook';
const path = '/v1/webhooks/endpoints';
const maxEndpoints = 3;
const secretForm = /^whsec_[A-Za-z0-9+/]{43}=$/;

describe('webhook endpoints', () => {
  let app: TestApp;
  let caller: TestCaller;

  before(async () => {
    app = await startTestApp({ config: { webhooks: { maxEndpoints } } });
  });
  after(() => app.stop());
  beforeEach(async () => {
    caller = await app.signUp();
  });

  const create = (body: object = { url }) => caller.json<PresentedEndpoint>('POST', path, { body });

  async function refusal(method: string, target: string, body?: unknown) {
    const response = await caller.request(method, target, body === undefined ? {} : { body });
    const { error } = (await response.json()) as { error: { code: string; param: string | null; message: string } };
    return { status: response.status, ...error };
  }

  it('are made enabled, for all events and thin, with a secret', async () => {
    const { secret, id, created_at, updated_at, ...rest } = await create();
    assert.match(secret ?? '', secretForm);
    assert.match(id, /^we_[0-9a-f]{32}$/);
    assert.equal(created_at, updated_at);
    assert.deepEqual(rest, {
      object: 'webhook.endpoint',
      url,
      description: null,
      events: ['*'],
      payload: 'thin',
      status: 'enabled',
      disabled_reason: null,
      failing_since: null,
      consecutive_failures: 0,
    });
  });

  it('do not show their secret again', async () => {
    const { secret: _secret, ...shown } = await create();
    assert.deepEqual(await caller.json('GET', `${path}/${shown.id}`), shown);
    const list = await caller.json<PresentedList<PresentedEndpoint>>('GET', path);
    assert.deepEqual(list.data, [shown]);
  });

  it('keep nothing in the store that a secret can be read from', async () => {
    const { secret = '', id } = await create();
    await caller.json('POST', `${path}/${id}/rotate`);
    await caller.json('POST', '/v1/webhooks/secret/rotate');
    const { url: address, database } = app.deps.config.mongodb;
    const connection = await connectMongo({ url: address, database });
    try {
      const collections = (await connection.db?.listCollections().toArray()) ?? [];
      assert.ok(collections.some(({ name }) => name === 'webhook_endpoints'));
      for (const { name } of collections) {
        const text = JSON.stringify(await connection.collection(name).find().toArray());
        assert.ok(!text.includes('whsec_'), `${name} has a secret in the open`);
        assert.ok(!text.includes(secret.slice('whsec_'.length)), `${name} has a secret in the open`);
      }
    } finally {
      await connection.close();
    }
  });

  it('are listed page by page, the latest first', async () => {
    const made = [await create(), await create(), await create()].map(({ id }) => id);
    const first = await caller.json<PresentedList<PresentedEndpoint>>('GET', `${path}?limit=2`);
    assert.equal(first.has_more, true);
    const second = await caller.json<PresentedList<PresentedEndpoint>>('GET', `${path}?limit=2&after=${first.last_id}`);
    assert.equal(second.has_more, false);
    const listed = [...first.data, ...second.data].map(({ id }) => id);
    assert.deepEqual(listed.toSorted(), made.toSorted());
    const upwards = await caller.json<PresentedList<PresentedEndpoint>>('GET', `${path}?order=asc`);
    assert.deepEqual(upwards.data.map(({ id }) => id).toReversed(), listed);
  });

  it('are as many as allowed and no more, also of callers at once', async () => {
    const refused = { status: 409, code: 'conflict' };
    const all = await Promise.all(
      Array.from({ length: maxEndpoints + 2 }, () => caller.request('POST', path, { body: { url } })),
    );
    const statuses = all.map(({ status }) => status).toSorted((a, b) => a - b);
    assert.deepEqual(statuses, [...Array(maxEndpoints).fill(201), refused.status, refused.status]);
    const { status, code } = await refusal('POST', path, { url });
    assert.deepEqual({ status, code }, refused);
  });

  it('make room for another when one is deleted', async () => {
    const [first] = await Promise.all(Array.from({ length: maxEndpoints }, () => create()));
    await caller.request('DELETE', `${path}/${first?.id}`);
    await create();
  });

  it('are changed in what is said and stay as they are in the rest', async () => {
    const { secret: _secret, ...made } = await create({ url, events: ['job.completed'], description: 'mine' });
    const changed = await caller.json<PresentedEndpoint>('PATCH', `${path}/${made.id}`, {
      body: { events: ['job.*', 'batch.completed'], payload: 'full' },
    });
    assert.deepEqual(
      { ...changed, updated_at: 0 },
      { ...made, events: ['job.*', 'batch.completed'], payload: 'full', updated_at: 0 },
    );
    const emptied = await caller.json<PresentedEndpoint>('PATCH', `${path}/${made.id}`, {
      body: { description: null },
    });
    assert.equal(emptied.description, null);
  });

  it('forget earlier failures when they are enabled again', async () => {
    const { id } = await create();
    const { webhookEndpoints } = app.deps;
    await webhookEndpoints.recordFailure({ ownerId: caller.userId, id, url }, 1_763_700_000_000);
    await webhookEndpoints.recordFailure({ ownerId: caller.userId, id, url }, 1_763_700_009_000);
    const failing = await caller.json<PresentedEndpoint>('GET', `${path}/${id}`);
    assert.deepEqual([failing.failing_since, failing.consecutive_failures], [1_763_700_000, 2]);

    const disabled = await caller.json<PresentedEndpoint>('PATCH', `${path}/${id}`, { body: { status: 'disabled' } });
    assert.deepEqual([disabled.status, disabled.disabled_reason], ['disabled', 'caller']);
    const enabled = await caller.json<PresentedEndpoint>('PATCH', `${path}/${id}`, { body: { status: 'enabled' } });
    assert.deepEqual(
      [enabled.status, enabled.disabled_reason, enabled.failing_since, enabled.consecutive_failures],
      ['enabled', null, null, 0],
    );
  });

  it('keep counting failures when one that is enabled is enabled', async () => {
    const { id } = await create();
    await app.deps.webhookEndpoints.recordFailure({ ownerId: caller.userId, id, url }, Date.now());
    const same = await caller.json<PresentedEndpoint>('PATCH', `${path}/${id}`, { body: { status: 'enabled' } });
    assert.equal(same.consecutive_failures, 1);
  });

  it('forget what failed at an earlier address, and nothing else', async () => {
    const { id } = await create();
    const failuresAfter = async (body: object) =>
      (await caller.json<PresentedEndpoint>('PATCH', `${path}/${id}`, { body })).consecutive_failures;
    await app.deps.webhookEndpoints.recordFailure({ ownerId: caller.userId, id, url }, Date.now());
    assert.equal(await failuresAfter({ url }), 1);
    assert.equal(await failuresAfter({ description: '$url' }), 1);
    assert.equal(await failuresAfter({ url: `${url}/moved` }), 0);
  });

  it('are not to blame for what comes of an earlier address', async () => {
    const { id } = await create();
    const earlier = { ownerId: caller.userId, id, url: `${url}/earlier` };
    const { webhookEndpoints, webhookOutbox } = app.deps;
    assert.equal(await webhookEndpoints.recordFailure(earlier, Date.now()), null);
    assert.equal(await webhookOutbox.disable(earlier, 'gone', Date.now()), null);
    const shown = await caller.json<PresentedEndpoint>('GET', `${path}/${id}`);
    assert.deepEqual([shown.status, shown.consecutive_failures], ['enabled', 0]);
  });

  it('are gone once they are deleted', async () => {
    const { id } = await create();
    assert.equal((await caller.request('DELETE', `${path}/${id}`)).status, 204);
    assert.equal((await refusal('GET', `${path}/${id}`)).code, 'not_found');
    assert.equal((await refusal('DELETE', `${path}/${id}`)).code, 'not_found');
  });

  const wrong: [name: string, body: object, param: string][] = [
    ['an address inside', { url: 'https://169.254.169.254/latest' }, 'url'],
    ['an address without encryption', { url: 'http://127.0.0.1:8443/hook' }, 'url'],
    ['an address with a password', { url: 'https://me:secret@127.0.0.1:8443/' }, 'url'],
    ['an address that is none', { url: 'example.com' }, 'url'],
    ['an address of 2049 characters', { url: `${url}/${'x'.repeat(2_048 - url.length)}` }, 'url'],
    ['no address', {}, 'url'],
    ['an event that is none', { url, events: ['job.done'] }, 'events[0]'],
    ['a test as an event', { url, events: ['endpoint.test'] }, 'events[0]'],
    ['no events at all', { url, events: [] }, 'events'],
    ['a payload that is none', { url, payload: 'fat' }, 'payload'],
    ['a description of 513 characters', { url, description: 'x'.repeat(513) }, 'description'],
    ['an unknown field', { url, secret: 'mine' }, 'secret'],
  ];
  for (const [name, body, param] of wrong) {
    it(`refuse ${name} by its field`, async () => {
      const { status, ...error } = await refusal('POST', path, body);
      assert.deepEqual({ status, param: error.param }, { status: 400, param });
    });
  }

  it('take an address of 2048 characters and a description of 512', async () => {
    const long = `${url}/${'x'.repeat(2_047 - url.length)}`;
    const { url: stored } = await create({ url: long, description: 'x'.repeat(512) });
    assert.equal(stored, long);
  });

  it('refuse a new address that is inside', async () => {
    const { id } = await create();
    const { status, param } = await refusal('PATCH', `${path}/${id}`, { url: 'https://10.0.0.1/' });
    assert.deepEqual({ status, param }, { status: 400, param: 'url' });
    assert.equal((await caller.json<PresentedEndpoint>('GET', `${path}/${id}`)).url, url);
  });
});

describe('webhook endpoints without encryption', () => {
  it('are allowed by the operator', async (t) => {
    const app = await startTestApp({ config: { webhooks: { allowHttp: true } } });
    t.after(() => app.stop());
    const caller = await app.signUp();
    const { status } = await caller.request('POST', path, { body: { url: 'http://127.0.0.1:8080/hook' } });
    assert.equal(status, 201);
  });
});
