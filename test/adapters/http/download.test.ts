import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createHttp } from '../../../src/adapters/http/client.ts';
import { type DownloadRequest, download } from '../../../src/adapters/http/download.ts';
import { createGuard, defaultGuardSettings } from '../../../src/adapters/http/guard.ts';
import { mediaTypeOf } from '../../../src/adapters/http/media-type.ts';
import { redirectTarget } from '../../../src/adapters/http/redirect.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { type Answer, type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { createTestResolve, hostileAddresses } from '../../helpers/hostile-addresses.ts';
import { defaultHttpSettings } from '../../helpers/http-settings.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(92)]);
const picture: Answer = { headers: { 'content-type': 'image/png' }, body: [png] };
const to = (location: string, status = 302): Answer => ({ status, headers: { location } });

let site: FakeUpstream;
let canary: FakeUpstream;
let http: ReturnType<typeof createHttp>;
before(async () => {
  site = await startFakeUpstream();
  canary = await startFakeUpstream(picture);
  http = useHttp([Number(new URL(canary.url).port)]);
});
beforeEach(() => {
  site.reset();
  canary.reset();
});
after(async () => {
  await http.close();
  await site.close();
  await canary.close();
});

/** This machine may be reached, but for what is said to be ours. */
function useHttp(ownPorts: readonly number[]) {
  const ownEndpoints = ownPorts.map((port) => ({ host: '127.0.0.1', port }));
  const settings = { ...defaultGuardSettings, allowedCidrs: ['127.0.0.0/8'], ownEndpoints };
  return createHttp(defaultHttpSettings, createGuard(settings, createTestResolve().resolve));
}

function fetched(changes: Partial<DownloadRequest> = {}, through = http) {
  const { signal } = new AbortController();
  const limits = { maxBytes: 1_000, timeoutMs: 30_000 };
  return download(through, { url: site.url, kind: 'image', param: 'messages[0]', signal, ...limits, ...changes });
}

function refuses(pattern: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof GatewayError);
    assert.equal(error.code, 'invalid_request');
    assert.equal(error.param, 'messages[0]');
    assert.match(error.publicMessage, pattern);
    return true;
  };
}

describe('a download', () => {
  it('is what is at the address, of the type that its bytes say', async () => {
    site.next({ headers: { 'content-type': 'text/html' }, body: [png] });
    assert.deepEqual(await fetched(), { mediaType: 'image/png', bytes: png });
  });

  it('is bounded, on both sides of the line', async () => {
    site.next(picture, picture);
    assert.equal((await fetched({ maxBytes: 100 })).bytes.length, 100);
    await assert.rejects(fetched({ maxBytes: 99 }), refuses(/at most 99 bytes/));
  });

  it('must be a picture or a file that models read, whatever its sender calls it', async () => {
    const page: Answer = { headers: { 'content-type': 'image/png' }, body: ['<html>'] };
    site.next(page, { headers: { 'content-type': 'text/html' }, body: ['<html>'] });
    await assert.rejects(fetched(), refuses(/Expected a JPEG, PNG, GIF or WebP picture/));
    await assert.rejects(fetched({ kind: 'file' }), refuses(/Expected a PDF or plain text file/));
  });

  it('is refused for any other answer, with its status', async () => {
    for (const status of [204, 206, 304, 403, 404, 500]) {
      site.next({ status });
      await assert.rejects(fetched(), refuses(new RegExp(`answered ${status}`)));
    }
  });

  it('has a time for the whole of it', async () => {
    site.next({ body: [png.subarray(0, 10)], ending: 'hang' }, 'silence');
    await assert.rejects(fetched({ timeoutMs: 300 }), refuses(/in time/));
    await assert.rejects(fetched({ timeoutMs: 300 }), refuses(/in time/));
  });

  it('ends with its caller', async () => {
    site.next('silence');
    const leaving = new AbortController();
    const going = fetched({ signal: leaving.signal });
    await waitFor('the request', () => site.ledger.length === 1);
    leaving.abort();
    await assert.rejects(going, { code: 'client_closed_request' });
  });
});

describe('a download that is led on', () => {
  it('follows three redirects and no fourth', async () => {
    site.next(to('/b', 301), to(`${site.url}c`, 307), to('d', 308), picture);
    assert.equal((await fetched()).mediaType, 'image/png');
    assert.deepEqual(
      site.ledger.map(({ path }) => path),
      ['/', '/b', '/c', '/d'],
    );
    site.reset();
    site.next(to('/b'), to('/c'), to('/d'), to('/e'), picture);
    await assert.rejects(fetched(), refuses(/at most 3 times/));
    assert.equal(site.ledger.length, 4);
  });

  it('sends no credentials and no cookie, at any hop', async () => {
    const cookie = { 'set-cookie': 'a=b', location: '/b' };
    site.next({ status: 302, headers: cookie }, picture);
    await fetched();
    for (const { headers } of site.ledger) {
      assert.equal(headers.authorization, undefined);
      assert.equal(headers.cookie, undefined);
    }
  });

  it('is not led to any address of the corpus, however many hops before', async () => {
    const isNowhere = (address: string) =>
      /^(?:\/|127\.0\.0\.1:\d+$|http:(?:\/(?!\/)|(?!\/))|not an|http:\\)/.test(address);
    for (const address of hostileAddresses(canary.url)) {
      // Allowed here, and told apart from the canary by its port alone; or a path on the site itself.
      if (isNowhere(address.trim())) continue;
      site.reset();
      site.next(to('/b'), to(encodeHeader(address)));
      await assert.rejects(fetched(), GatewayError, address);
    }
    assert.equal(canary.ledger.length, 0);
  });

  it('does reach the canary where nothing forbids it', async () => {
    const open = useHttp([]);
    site.next(to('/b'), to(canary.url));
    assert.equal((await fetched({}, open)).mediaType, 'image/png');
    assert.equal(canary.ledger.length, 1);
    await open.close();
  });
});

/** Headers are bytes: what stands beyond them is written as a path of a URL would be. */
function encodeHeader(address: string): string {
  return address.replaceAll(/[^\x21-\x7e]/gu, (character) => encodeURIComponent(character));
}

describe('where a redirect leads', () => {
  it('is never from https to less', () => {
    assert.equal(redirectTarget('https://a.example/x', 'http://a.example/'), null);
    assert.equal(redirectTarget('https://a.example/x', 'ftp://a.example/'), null);
    assert.equal(redirectTarget('https://a.example/x', '//b.example/y'), 'https://b.example/y');
    assert.equal(redirectTarget('https://a.example/x/y', 'z'), 'https://a.example/x/z');
    assert.equal(redirectTarget('http://a.example/', 'https://a.example/'), 'https://a.example/');
    assert.equal(redirectTarget('http://a.example/', 'http://b.example/'), 'http://b.example/');
    assert.equal(redirectTarget('http://a.example/', 'http://['), null);
  });
});

describe('the type of what was downloaded', () => {
  it('is read off its first bytes', () => {
    for (const [hex, type] of [
      ['89504e470d0a1a0a00', 'image/png'],
      ['ffd8ffe0', 'image/jpeg'],
      ['474946383961', 'image/gif'],
      ['524946460000000057454250', 'image/webp'],
      ['524946460000000057415645', null],
      ['', null],
    ] as const) {
      assert.equal(mediaTypeOf(Buffer.from(hex, 'hex'), 'image/png', 'image'), type, hex);
    }
    assert.equal(mediaTypeOf(Buffer.from('%PDF-1.7'), '', 'file'), 'application/pdf');
    assert.equal(mediaTypeOf(Buffer.from('%PDF-1.7'), '', 'image'), null);
  });

  it('is its sender’s word for a text, unless it is binary', () => {
    assert.equal(mediaTypeOf(Buffer.from('Hello'), 'Text/Plain; charset=utf-8', 'file'), 'text/plain');
    assert.equal(mediaTypeOf(Buffer.from('# Hello'), 'text/markdown', 'file'), 'text/markdown');
    assert.equal(mediaTypeOf(Buffer.from('a\0b'), 'text/plain', 'file'), null);
    assert.equal(mediaTypeOf(Buffer.from('Hello'), 'text/html', 'file'), null);
  });
});
