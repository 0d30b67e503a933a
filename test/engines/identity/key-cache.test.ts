import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestApp, type TestApp } from '../../helpers/app.ts';

describe('the cache of keys', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.stop());

  it('lets nobody in with a key that was revoked in this process a moment ago', async () => {
    const user = await app.signUp();
    const { id, token } = await user.json<{ id: number; token: string }>('POST', '/v1/me/keys', {
      body: { name: 'k' },
    });
    const call = () => fetch(`${app.url}/v1/me/info`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal((await call()).status, 200);
    assert.equal((await call()).status, 200);
    await user.json('DELETE', `/v1/me/keys/${id}`);
    assert.equal((await call()).status, 401);
  });
});
