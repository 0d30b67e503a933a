import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { opengate } from '../../../src/protocols/opengate/index.ts';
import { startTestApi } from '../../helpers/api.ts';
import { useEngines } from '../../helpers/engines.ts';
import { masterKey, openIdentity, password, type TestIdentity } from '../../helpers/identity.ts';

interface Reply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into bodies of any shape
  body: any;
}

type Send = (method: string, path: string, options?: { key?: string; body?: unknown }) => Promise<Reply>;

describe('identity over HTTP', () => {
  let identity: TestIdentity;
  before(async () => {
    identity = await openIdentity(useEngines());
  });
  after(() => identity.close());

  async function client(context: TestContext): Promise<Send> {
    const { url } = await startTestApi(context, { verbs: identity.verbs, dialects: [opengate] });
    return async (method, path, { key, body } = {}) => {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(key && { authorization: `Bearer ${key}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
    };
  }

  it('takes a new user from the master key to keys of their own', async (context) => {
    const send = await client(context);
    const email = 'ada@example.org';
    const user = { email, password, role: 1, name: '  Ada ', favourite_colour: 'blue' };
    const made = await send('POST', '/v1/admin/users', { key: masterKey, body: user });
    assert.deepEqual([made.status, Object.keys(made.body)], [201, ['id']]);

    const login = await send('POST', '/v1/auth/login', { body: { email, password } });
    assert.equal(login.status, 200);
    assert.deepEqual(Object.keys(login.body), ['id', 'key']);

    const created = await send('POST', '/v1/me/keys', { key: login.body.key, body: { name: 'laptop' } });
    assert.equal(created.status, 201);
    const { id, token, key } = created.body;
    assert.equal(token, key);

    const { body: shown } = await send('GET', `/v1/me/keys/${id}`, { key });
    const masked = `${key.slice(0, 20)}…${key.slice(-4)}`;
    assert.deepEqual(shown, {
      object: 'key',
      id,
      name: 'laptop',
      token: masked,
      expires: null,
      created: shown.created,
    });
    assert.ok(Math.abs(shown.created - Date.now() / 1000) < 60);

    const { body: list } = await send('GET', '/v1/me/keys?order_by=name&limit=1&required=false', { key });
    assert.deepEqual(list, { object: 'list', total: 2, offset: 0, limit: 1, data: [shown] });

    const { body: info } = await send('GET', '/v1/me/info', { key });
    assert.deepEqual(info, {
      object: 'userInfo',
      id: made.body.id,
      email,
      name: 'Ada',
      organization: null,
      budget: null,
      permissions: [],
      limits: [{ router: 1, type: 'rpm', value: null }],
      expires: null,
      priority: 0,
      created: info.created,
      updated: info.created,
    });

    const revoked = await send('DELETE', `/v1/me/keys/${id}`, { key });
    assert.deepEqual([revoked.status, revoked.body], [204, null]);
    const after = await send('GET', '/v1/me/info', { key });
    assert.deepEqual([after.status, after.body], [401, { detail: 'Invalid API key.' }]);
    assert.equal(after.headers.get('www-authenticate'), 'Bearer');
  });

  it('gives a user a first key through the administrator', async (context) => {
    const send = await client(context);
    const { id: user } = await identity.buildUser();
    const expires = Math.floor(Date.now() / 1000) + 3_600;
    const made = await send('POST', '/v1/admin/tokens', { key: masterKey, body: { name: 'first', user, expires } });
    assert.deepEqual([made.status, Object.keys(made.body)], [201, ['id', 'token']]);
    const { body: shown } = await send('GET', `/v1/me/keys/${made.body.id}`, { key: made.body.token });
    assert.equal(shown.expires, expires);
  });

  it('lists users for administrators only', async (context) => {
    const send = await client(context);
    const { id, email } = await identity.buildUser({ roleId: 2, budget: 1.5 });
    const admin = await identity.buildKey(id);
    const { body } = await send('GET', `/v1/admin/users?email=${email}`, { key: admin.secret });
    assert.deepEqual(body.data, [
      {
        object: 'user',
        id,
        email,
        name: null,
        sub: null,
        iss: null,
        role: 2,
        organization: null,
        budget: 1.5,
        expires: null,
        created: body.data[0].created,
        updated: body.data[0].created,
        priority: 0,
      },
    ]);
    const missing = await send('GET', '/v1/admin/users?email=nobody', { key: admin.secret });
    assert.deepEqual([missing.status, missing.body], [404, { detail: 'User not found.' }]);

    const user = await identity.buildKey((await identity.buildUser()).id);
    const refused = await send('GET', '/v1/admin/users', { key: user.secret });
    assert.deepEqual([refused.status, refused.body], [403, { detail: 'Insufficient rights.' }]);
  });

  it('leaves an expired account its own page and nothing else', async (context) => {
    const send = await client(context);
    const { id } = await identity.buildUser({ expiresAt: identity.clock.time - 1 });
    const { secret: key } = await identity.buildKey(id);
    const info = await send('GET', '/v1/me/info', { key });
    assert.deepEqual([info.status, info.body.id], [200, id]);
    const keys = await send('GET', '/v1/me/keys', { key });
    assert.equal(keys.status, 403);
    assert.match(keys.body.detail, /account has expired/);
  });

  it('lists every fault of a request with its place', async (context) => {
    const send = await client(context);
    const body = { email: ' ', password: 'short', role: '1', expires: 5 };
    const { status, body: answer } = await send('POST', '/v1/admin/users', { key: masterKey, body });
    assert.equal(status, 422);
    const places = answer.detail.map((fault: { loc: string[] }) => fault.loc.join('.'));
    assert.deepEqual(places.sort(), ['body.email', 'body.expires', 'body.password', 'body.role']);
    const late = answer.detail.find((fault: { loc: string[] }) => fault.loc[1] === 'expires');
    assert.equal(late.msg, 'Wrong timestamp, must be in the future.');

    const page = await send('GET', '/v1/me/keys?limit=0', { key: masterKey });
    assert.deepEqual([page.status, page.body.detail[0].loc], [422, ['query', 'limit']]);
    const path = await send('GET', '/v1/me/keys/abc', { key: masterKey });
    assert.deepEqual([path.status, path.body.detail[0].loc], [422, ['path', 'key']]);
  });

  it('tells why the master key gets no keys', async (context) => {
    const send = await client(context);
    const { status, body } = await send('POST', '/v1/me/keys', { key: masterKey, body: { name: 'k' } });
    assert.deepEqual(
      [status, body],
      [400, { detail: 'Master user is not allowed to create keys. Use the key of a user.' }],
    );
    const info = await send('GET', '/v1/me/info', { key: masterKey });
    assert.deepEqual([info.body.id, info.body.limits.length, info.body.permissions.length], [0, 4, 4]);
  });

  it('refuses operators where text is expected', async (context) => {
    const send = await client(context);
    for (const value of [{ $gt: '' }, ['a'], 5, null]) {
      const login = await send('POST', '/v1/auth/login', { body: { email: value, password: value } });
      assert.equal(login.status, 422, JSON.stringify(value));
    }
    const filtered = await send('GET', '/v1/admin/users?email[$ne]=x&email=nobody', { key: masterKey });
    assert.equal(filtered.status, 404);
  });
});
