import assert from 'node:assert/strict';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createHttp } from '../../../src/adapters/http/client.ts';
import { createGuard, defaultGuardSettings } from '../../../src/adapters/http/guard.ts';
import { type Posting, postGuarded } from '../../../src/adapters/http/post.ts';
import { type FakeUpstream, refusingUrl, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { createTestResolve, hostileAddresses } from '../../helpers/hostile-addresses.ts';
import { defaultHttpSettings } from '../../helpers/http-settings.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const guard = createGuard({ ...defaultGuardSettings, allowedCidrs: ['127.0.0.0/8'] }, createTestResolve().resolve);
const http = createHttp(defaultHttpSettings, guard);
let receiver: FakeUpstream;
before(async () => {
  receiver = await startFakeUpstream({ status: 204 });
});
beforeEach(() => receiver.reset());
after(async () => {
  await http.close();
  await receiver.close();
});

function post(changes: Partial<Posting> = {}) {
  const { signal } = new AbortController();
  const schemes = ['http', 'https'] as const;
  const limits = { timeoutMs: 30_000, maxBytes: 16 };
  return postGuarded(http, { url: receiver.url, schemes, headers: {}, body: 'x', signal, ...limits, ...changes });
}

async function answered(changes: Partial<Posting> = {}) {
  const posted = await post(changes);
  assert.equal(posted.fault, null);
  return posted;
}

describe('a post to an address that a caller named', () => {
  it('carries its headers and its bytes as they are', async () => {
    const body = new TextEncoder().encode('{"a": 1 }\n');
    await answered({ headers: { 'webhook-id': 'msg_1', 'content-type': 'application/json' }, body });
    const [asked] = receiver.ledger;
    assert.equal(asked?.method, 'POST');
    assert.equal(asked?.text, '{"a": 1 }\n');
    assert.equal(asked?.headers['webhook-id'], 'msg_1');
    assert.equal(asked?.headers['content-type'], 'application/json');
  });

  it('is answered with any status, and follows no redirect', async () => {
    for (const status of [200, 307, 410, 500]) {
      receiver.next({ status, headers: { location: `${receiver.url}elsewhere`, 'retry-after': '7' } });
      const posted = await answered();
      assert.equal(posted.status, status);
      assert.equal(posted.headers['retry-after'], '7');
    }
    assert.equal(receiver.ledger.length, 4);
  });

  it('keeps the beginning of the answer, on both sides of the bound', async () => {
    for (const [length, kept] of [
      [15, 15],
      [16, 16],
      [17, 16],
      [300_000, 16],
    ] as const) {
      receiver.next({ body: ['a'.repeat(length)] });
      assert.equal((await answered()).body.toString(), 'a'.repeat(kept));
    }
  });

  it('counts as answered where the body after the head is cut off or never ends', async () => {
    receiver.next({ status: 200, body: ['abc'], ending: 'cut' }, { status: 201, body: ['abc'], ending: 'hang' });
    const cut = await answered();
    assert.equal(cut.status, 200);
    // Longer than a test may take: its body has a time of its own.
    const hanging = await answered({ timeoutMs: 3_600_000 });
    assert.equal(hanging.status, 201);
    assert.equal(hanging.body.toString(), 'abc');
  });

  it('is made by the schemes that are allowed, and by no other', async () => {
    await answered({ schemes: ['http'] });
    assert.equal((await post({ schemes: ['https'] })).fault, 'refused');
    assert.equal(receiver.ledger.length, 1);
  });

  it('is given up as a whole after its time', async () => {
    receiver.next('silence');
    assert.equal((await post({ timeoutMs: 300 })).fault, 'timeout');
  });

  it('tells apart what went wrong on the way', async () => {
    const faultAt = async (url: string) => (await post({ url })).fault;
    assert.equal(await faultAt('http://10.0.0.1/'), 'refused');
    assert.equal(await faultAt('http://gateway.internal/'), 'refused');
    assert.equal(await faultAt('http://user:password@127.0.0.1/'), 'refused');
    assert.equal(await faultAt('http://nobody.invalid/'), 'dns');
    assert.equal(await faultAt(await refusingUrl()), 'connect');
    receiver.next('reset');
    assert.equal(await faultAt(receiver.url), 'reset');
    const secure = receiver.url.replace('http:', 'https:');
    assert.equal(await faultAt(secure), 'tls');
  });

  it('reaches no address of the corpus', async () => {
    const strict = createHttp(defaultHttpSettings, createGuard(defaultGuardSettings, createTestResolve().resolve));
    for (const url of hostileAddresses(receiver.url)) {
      const { signal } = new AbortController();
      const schemes = ['http', 'https'] as const;
      const posting = { url, schemes, headers: {}, body: 'x', timeoutMs: 30_000, maxBytes: 16, signal };
      const { fault } = await postGuarded(strict, posting);
      assert.ok(fault === 'refused' || fault === 'dns', `${url}: ${fault}`);
    }
    assert.equal(receiver.ledger.length, 0);
    await strict.close();
  });

  it('is a fault of TLS where no certificate is shown', async () => {
    const server = createSecureServer().listen(0, '127.0.0.1');
    await waitFor('the server', () => server.listening);
    const { port } = server.address() as AddressInfo;
    assert.equal((await post({ url: `https://127.0.0.1:${port}/` })).fault, 'tls');
    server.close();
  });

  it('tells whoever named the address the same of a name that is refused and of one that is not there', async () => {
    const sentenceAt = async (url: string) => {
      const posted = await post({ url });
      assert.ok(posted.fault);
      return posted.sentence;
    };
    assert.equal(await sentenceAt('http://gateway.internal/'), await sentenceAt('http://nobody.invalid/'));
  });

  it('throws only where its caller gives it up', async () => {
    receiver.next('silence');
    const leaving = new AbortController();
    const posted = post({ signal: leaving.signal });
    await waitFor('the request', () => receiver.ledger.length === 1);
    leaving.abort();
    await assert.rejects(posted, { code: 'client_closed_request' });
  });
});
