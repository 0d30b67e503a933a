import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createHttp, type Http } from '../../../src/adapters/http/client.ts';
import { faultOf } from '../../../src/adapters/http/fault.ts';
import { createGuard, defaultGuardSettings, type GuardSettings } from '../../../src/adapters/http/guard.ts';
import { readUpTo } from '../../../src/adapters/http/read-json.ts';
import type { Resolve } from '../../../src/adapters/http/resolve.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { createTestResolve, hostileAddresses } from '../../helpers/hostile-addresses.ts';
import { defaultHttpSettings } from '../../helpers/http-settings.ts';

const anyScheme = { schemes: ['http', 'https'], param: 'url' } as const;
const loopback = ['127.0.0.0/8', '::1/128'];

let canary: FakeUpstream;
let port: string;
const opened: Http[] = [];
before(async () => {
  canary = await startFakeUpstream({ body: ['the canary'] });
  port = new URL(canary.url).port;
});
beforeEach(() => canary.reset());
after(async () => {
  await Promise.all(opened.map((http) => http.close()));
  await canary.close();
});

function useGuard(settings: Partial<GuardSettings> = {}, resolve: Resolve = createTestResolve().resolve) {
  const guard = createGuard({ ...defaultGuardSettings, ...settings }, resolve);
  const http = createHttp({ ...defaultHttpSettings, connectTimeoutMs: 10_000 }, guard);
  opened.push(http);
  return {
    check: (url: string, rules: Parameters<typeof guard.check>[1] = anyScheme) =>
      guard.check(url, rules, new AbortController().signal),
    async get(url: string): Promise<string> {
      const { signal } = new AbortController();
      const answer = await http.request({ method: 'GET', namedBy: 'caller', url, headers: {}, body: null, signal });
      return (await readUpTo(answer.body, 100)).bytes.toString();
    },
  };
}

const isRefused = (error: unknown) => error instanceof GatewayError && ['refused', 'dns'].includes(faultOf(error));
const isBadRequest = (error: unknown) =>
  error instanceof GatewayError && error.code === 'invalid_request' && error.param === 'url';

describe('the corpus of hostile addresses', () => {
  it('has more than 160, none of them twice', () => {
    const corpus = hostileAddresses(canary.url);
    assert.ok(corpus.length > 160, `${corpus.length}`);
    assert.equal(new Set(corpus).size, corpus.length);
  });

  it('is refused as a whole before an address is stored', async () => {
    const { check } = useGuard();
    for (const address of hostileAddresses(canary.url)) await assert.rejects(check(address), isBadRequest, address);
    assert.equal(canary.ledger.length, 0);
  });

  it('is refused as a whole when it is called', async () => {
    const { get } = useGuard();
    for (const address of hostileAddresses(canary.url)) await assert.rejects(get(address), isRefused, address);
    assert.equal(canary.ledger.length, 0);
  });

  it('does reach the canary where the operator allows its range', async () => {
    const { check, get } = useGuard({ allowedCidrs: loopback });
    const ways = ['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '[::ffff:127.0.0.1]', 'localhost.', '①②⑦.⓪.⓪.①'];
    for (const host of ways) {
      const address = `http://${host}:${port}/`;
      await check(address);
      assert.equal(await get(address), 'the canary', host);
    }
    assert.equal(canary.ledger.length, ways.length);
  });
});

describe('an address that a caller names', () => {
  it('may be any that the public internet leads to', async () => {
    const { check } = useGuard(
      {},
      createTestResolve({ 'six.example': ['2606:2800:21f:cb07:6820:80da:af6b:8b2c'] }).resolve,
    );
    const given = [
      'https://public.example/a?b=c',
      'http://8.8.8.8:8080/',
      'https://six.example',
      'http://[2606:4700::1]/',
    ];
    for (const address of given) assert.equal((await check(address)).href, new URL(address).href);
  });

  it('has a scheme that its use allows', async () => {
    const { check } = useGuard();
    const rules = { schemes: ['https'], param: 'url' } as const;
    await check('https://public.example/', rules);
    await assert.rejects(
      check('http://public.example/', rules),
      /Expected an absolute address that begins with https:/,
    );
  });

  it('has a port that the operator allows, at either end of a range', async () => {
    const { check } = useGuard({
      allowedPorts: ['443', '9000-9009'],
    });
    for (const good of [443, 9000, 9009]) await check(`https://public.example:${good}/`);
    for (const bad of [80, 442, 444, 8999, 9010]) {
      await assert.rejects(check(`https://public.example:${bad}/`), isBadRequest, `${bad}`);
    }
  });

  it('is refused for one bad address among those of its name', async () => {
    const { check, get } = useGuard({}, createTestResolve({ 'two.example': ['93.184.215.14', '127.0.0.1'] }).resolve);
    await assert.rejects(check(`http://two.example:${port}/`), isBadRequest);
    await assert.rejects(get(`http://two.example:${port}/`), isRefused);
    assert.equal(canary.ledger.length, 0);
  });

  it('says nothing of what a name of the inside leads to, nor whether there is such a name', async () => {
    const { check } = useGuard();
    const messageOf = async (address: string) => {
      const error = await check(address).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof GatewayError);
      return error.publicMessage;
    };
    const existing = await messageOf('http://gateway.internal/');
    assert.equal(existing, 'Expected an address that the public internet leads to.');
    assert.equal(await messageOf('http://no-such-name.internal/'), existing);
  });

  it('is given up when its caller is', async () => {
    const guard = createGuard(defaultGuardSettings, () => new Promise(() => undefined));
    const check = guard.check('http://slow.example/', anyScheme, AbortSignal.timeout(50));
    await assert.rejects(check, { name: 'TimeoutError' });
  });
});

describe('a name that changes what it leads to', () => {
  /** The public one first, then this machine, then the public one… */
  function alternating(): Resolve {
    let count = 0;
    return async () => {
      count += 1;
      return [{ address: count % 2 === 1 ? '93.184.215.14' : '127.0.0.1', family: 4 }];
    };
  }

  it('is asked again at every connection, and refused there', async () => {
    const { check, get } = useGuard({}, alternating());
    const address = `http://rebinding.example:${port}/`;
    for (let round = 0; round < 5; round += 1) {
      await check(address);
      await assert.rejects(get(address), isRefused);
    }
    assert.equal(canary.ledger.length, 0);
  });

  it('gets no request through the socket where the look-up itself lied', async () => {
    const lying = () => {
      let reads = 0;
      return {
        family: 4,
        get address() {
          reads += 1;
          return reads === 1 ? '93.184.215.14' : '127.0.0.1';
        },
      };
    };
    const { get } = useGuard({}, async () => [lying()]);
    await assert.rejects(get(`http://lying.example:${port}/`), /could not be reached/);
    assert.equal(canary.ledger.length, 0);
  });

  it('does reach this machine where that is allowed', async () => {
    const { get } = useGuard({ allowedCidrs: loopback }, createTestResolve({ 'here.example': ['127.0.0.1'] }).resolve);
    assert.equal(await get(`http://here.example:${port}/`), 'the canary');
  });
});

describe('what this installation itself runs', () => {
  const at = (host: string) => ({ allowedCidrs: loopback, ownEndpoints: [{ host, port: Number(port) }] });

  it('is refused in a range that is allowed, whatever it is called', async () => {
    for (const host of ['127.0.0.1', '0.0.0.0', '::', 'localhost']) {
      const { check, get } = useGuard(at(host));
      for (const called of ['127.0.0.1', '127.0.0.9', 'localhost']) {
        await assert.rejects(check(`http://${called}:${port}/`), isBadRequest, `${host} ${called}`);
        await assert.rejects(get(`http://${called}:${port}/`), isRefused, `${host} ${called}`);
      }
    }
    assert.equal(canary.ledger.length, 0);
  });

  it('is refused under a public name too', async () => {
    const names = createTestResolve({ 'mongo.example': ['93.184.215.14'] });
    const { check } = useGuard({ ownEndpoints: [{ host: 'mongo.example', port: 27_017 }] }, names.resolve);
    await assert.rejects(check('http://public.example:27017/'), isBadRequest);
    await check('http://public.example:27018/');
  });

  it('leaves the other ports of a machine alone', async () => {
    const { get } = useGuard({ allowedCidrs: loopback, ownEndpoints: [{ host: '127.0.0.1', port: Number(port) + 1 }] });
    assert.equal(await get(`http://127.0.0.1:${port}/`), 'the canary');
  });
});

describe('faults that other gateways had', () => {
  it('CVE-2026-24779: what is judged is what is called, also where parsers disagree', async () => {
    const names = createTestResolve({ 'decoy.example': ['127.0.0.1'] });
    const { get } = useGuard({ allowedCidrs: loopback }, names.resolve);
    // Other parsers take what stands before the @ for a user, and call what stands behind it.
    assert.equal(await get(`http://decoy.example:${port}\\@10.0.0.1/`), 'the canary');
    assert.deepEqual(names.asked, ['decoy.example']);
    assert.equal(canary.ledger[0]?.path, '/@10.0.0.1/');
    assert.equal(canary.ledger[0]?.headers.host, `decoy.example:${port}`);
  });
});
