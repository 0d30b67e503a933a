import assert from 'node:assert/strict';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { createHttp, type HttpRequest } from '../../../src/adapters/http/client.ts';
import { readJson, readUpTo } from '../../../src/adapters/http/read-json.ts';
import { type ErrorCode, GatewayError } from '../../../src/core/errors.ts';
import { isTurnedAway } from '../../../src/core/routing/failure.ts';
import { type FakeUpstream, jsonAnswer, refusingUrl, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { defaultHttpSettings } from '../../helpers/http-settings.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const http = createHttp(defaultHttpSettings);
let upstream: FakeUpstream;
before(async () => {
  upstream = await startFakeUpstream();
});
beforeEach(() => upstream.reset());
after(async () => {
  await http.close();
  await upstream.close();
});

function get(changes: Partial<HttpRequest> = {}) {
  const { signal } = new AbortController();
  return http.request({
    method: 'GET',
    namedBy: 'operator',
    url: `${upstream.url}path?a=b`,
    headers: {},
    body: null,
    signal,
    ...changes,
  });
}

function isFailure(code: ErrorCode) {
  return (error: unknown) => error instanceof GatewayError && error.code === code;
}

describe('a request to an upstream', () => {
  it('carries method, path, query, headers and body', async () => {
    upstream.next(jsonAnswer({ ok: true }));
    const body = new TextEncoder().encode('{"ü":1}');
    await readJson(await get({ method: 'POST', headers: { authorization: 'Bearer k' }, body }));
    const [asked] = upstream.ledger;
    assert.equal(asked?.method, 'POST');
    assert.equal(asked?.path, '/path?a=b');
    assert.equal(asked?.headers.authorization, 'Bearer k');
    assert.equal(asked?.text, '{"ü":1}');
  });

  it('resolves with the head of any status, and follows no redirect', async () => {
    for (const status of [204, 302, 404, 500]) {
      upstream.next({ status, headers: { location: upstream.url, 'x-one': 'two' } });
      const answer = await get();
      await readUpTo(answer.body, 10);
      assert.equal(answer.status, status);
      assert.equal(answer.headers['x-one'], 'two');
    }
    assert.equal(upstream.ledger.length, 4);
  });

  it('gives the bytes as they come', async () => {
    const rest = Promise.withResolvers<void>();
    upstream.next({ body: ['one', { until: rest.promise }, 'two'] });
    const pieces: string[] = [];
    for await (const piece of (await get()).body) {
      pieces.push(Buffer.from(piece).toString());
      rest.resolve();
    }
    assert.deepEqual(pieces, ['one', 'two']);
  });

  it('gives what has come together as one piece', async () => {
    upstream.next({ body: Array.from({ length: 50 }, () => 'x') });
    const answer = await get();
    await waitFor('the whole answer', () => upstream.ledger[0]?.answered === true);
    const pieces = await Array.fromAsync(answer.body);
    assert.ok(pieces.length <= 3, `${pieces.length} pieces`);
    assert.equal(Buffer.concat(pieces).toString(), 'x'.repeat(50));
  });

  it('stops the sender while nobody reads', async () => {
    const piece = Buffer.alloc(1024 * 1024);
    let sent = 0;
    const counted = {
      get until(): Promise<void> {
        sent += piece.length;
        return Promise.resolve();
      },
    };
    upstream.next({ body: Array.from({ length: 128 }, () => [piece, counted]).flat() });
    const answer = await get();
    let before = -1;
    await waitFor('the sender to stand still', () => {
      const stands = sent === before;
      before = sent;
      return stands;
    });
    assert.ok(sent < 64 * piece.length, `${sent} bytes were taken that nobody read`);
    const { bytes } = await readUpTo(answer.body, 200 * 1024 * 1024);
    assert.equal(bytes.length, 128 * piece.length);
  });

  it('uses a connection again after a body that was read or released', async () => {
    for (const end of ['read', 'release'] as const) {
      const ports = new Set<number>();
      await waitFor(`a connection to be used again after ${end}`, async () => {
        upstream.next(jsonAnswer({}));
        const answer = await get();
        if (end === 'read') await readJson(answer);
        else answer.release();
        const port = upstream.ledger.at(-1)?.clientPort ?? 0;
        const isKnown = ports.has(port);
        ports.add(port);
        return isKnown;
      });
    }
  });

  it('closes the connection of a released body that does not end', async () => {
    upstream.next({ body: ['x'], ending: 'hang' });
    (await get()).release();
    await waitFor('the socket to be closed', () => upstream.ledger[0]?.abandonedAt !== null);
  });

  it('closes the connection of a body that was discarded or left', async () => {
    for (const leave of ['discard', 'break'] as const) {
      upstream.next({ body: ['x'], ending: 'hang' });
      const answer = await get();
      if (leave === 'discard') answer.discard();
      else for await (const _piece of answer.body) break;
      await waitFor('the socket to be closed', () => upstream.ledger.at(-1)?.abandonedAt !== null);
    }
  });
});

describe('a request that fails', () => {
  it('is upstream_error where nobody listens, nobody is called so, or the certificate is not to be trusted', async () => {
    for (const url of [await refusingUrl(), 'http://does-not-exist.invalid/']) {
      await assert.rejects(get({ url }), (error: GatewayError) => {
        assert.deepEqual([error.code, isTurnedAway(error)], ['upstream_error', true]);
        return true;
      });
    }
    await assert.rejects(get({ url: 'http://nobody.invalid/' }), isFailure('upstream_error'));
    const server = createSecureServer().listen(0, '127.0.0.1');
    await waitFor('the server', () => server.listening);
    const { port } = server.address() as AddressInfo;
    await assert.rejects(get({ url: `https://127.0.0.1:${port}/` }), isFailure('upstream_error'));
    server.close();
  });

  it('is upstream_error for an address that is none', async () => {
    await assert.rejects(get({ url: 'not an address' }), isFailure('upstream_error'));
  });

  it('is upstream_timeout when no head comes in its time', async () => {
    upstream.next('silence');
    await assert.rejects(get({ firstByteTimeoutMs: 300 }), isFailure('upstream_timeout'));
  });

  it('is not, when the head comes just in time', async () => {
    upstream.next(jsonAnswer({}));
    await readJson(await get({ firstByteTimeoutMs: 5_000 }));
  });

  it('is upstream_timeout when the body stalls', async () => {
    upstream.next({ body: ['x'], ending: 'hang' });
    await assert.rejects(readUpTo((await get({ idleTimeoutMs: 300 })).body, 10), isFailure('upstream_timeout'));
  });

  it('has the longer time until the first of its body, also when the head comes at once', async () => {
    const times = { firstByteTimeoutMs: 5_000, idleTimeoutMs: 100 };
    upstream.next({ body: [{ afterMs: 500 }, 'x'] });
    assert.equal((await readUpTo((await get(times)).body, 10)).bytes.toString(), 'x');
    upstream.next({ ending: 'hang' });
    const late = readUpTo((await get({ firstByteTimeoutMs: 300, idleTimeoutMs: 60_000 })).body, 10);
    await assert.rejects(late, /upstream_timeout: The model's provider did not answer in time/);
  });

  it('does not count as silent while its reader is what it waits for', async () => {
    const piece = Buffer.alloc(1024 * 1024);
    upstream.next({ body: Array.from({ length: 16 }, () => piece) });
    const { body } = await get({ idleTimeoutMs: 400 });
    const left: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
    let length = (await left.next()).value.length;
    // There is no condition to wait for: that nothing happens is what is to be seen.
    await setTimeout(1_200);
    for (let next = await left.next(); !next.done; next = await left.next()) length += next.value.length;
    assert.equal(length, 16 * piece.length);
  });

  it('gives what came before a silence', async () => {
    upstream.next({ body: ['half'], ending: 'hang' });
    const seen: string[] = [];
    const reading = (async () => {
      const { body } = await get({ idleTimeoutMs: 300 });
      await waitFor('the silence to be too long', () => upstream.ledger[0]?.abandonedAt !== null);
      for await (const piece of body) seen.push(Buffer.from(piece).toString());
    })();
    await assert.rejects(reading, isFailure('upstream_timeout'));
    assert.deepEqual(seen, ['half']);
  });

  it('goes on as long as a byte comes now and then', async () => {
    upstream.next({ body: Array.from({ length: 12 }, () => [{ afterMs: 200 }, 'x']).flat() });
    const { bytes } = await readUpTo((await get({ idleTimeoutMs: 1_200 })).body, 20);
    assert.equal(bytes.toString(), 'x'.repeat(12));
  });

  it('is upstream_error when the body is cut off, after what came was given', async () => {
    upstream.next({ headers: { 'content-length': '10' }, body: ['half'], ending: 'cut' });
    const seen: string[] = [];
    const reading = (async () => {
      for await (const piece of (await get()).body) seen.push(Buffer.from(piece).toString());
    })();
    await assert.rejects(reading, isFailure('upstream_error'));
    assert.deepEqual(seen, ['half']);
  });

  it('throws what its signal was aborted with, if that is ours', async () => {
    upstream.next('silence');
    const leaving = new AbortController();
    const reason = new GatewayError('overloaded', 'Another was quicker.');
    const asking = get({ signal: leaving.signal });
    leaving.abort(reason);
    await assert.rejects(asking, reason);
  });
});
