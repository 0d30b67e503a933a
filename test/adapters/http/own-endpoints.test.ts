import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createOwnEndpoints, endpointsIn } from '../../../src/adapters/http/own-endpoints.ts';
import { NameUnresolved } from '../../../src/adapters/http/resolve.ts';
import { createTestResolve } from '../../helpers/hostile-addresses.ts';

describe('the endpoints in the address of an engine', () => {
  for (const [address, expected] of [
    ['mongodb://127.0.0.1:27017/?directConnection=true', ['127.0.0.1:27017']],
    ['mongodb://user:p%40ss@a.example,b.example:27018/db', ['a.example:27017', 'b.example:27018']],
    ['temporal.example:7233', ['temporal.example:7233']],
    ['https://search.example', ['search.example:443']],
    ['HTTPS://search.example/', ['search.example:443']],
    ['http://elastic:secret@[::1]:9200/path', ['::1:9200']],
    ['http://search.example/', ['search.example:80']],
    ['', []],
  ] as const) {
    it(`are found in ${address === '' ? 'none' : address}`, () => {
      assert.deepEqual(
        endpointsIn(address).map(({ host, port }) => `${host}:${port}`),
        expected,
      );
    });
  }
});

describe('own endpoints', () => {
  const { resolve } = createTestResolve({ 'engine.example': ['10.0.0.5', 'fd00::5'] });
  const own = createOwnEndpoints(
    [
      { host: 'engine.example', port: 9200 },
      { host: '::', port: 8080 },
    ],
    resolve,
  );

  it('are met by every address of their names, on their own ports', async () => {
    assert.equal(await own.includes('10.0.0.5', 9200), true);
    assert.equal(await own.includes('::ffff:10.0.0.5', 9200), true);
    assert.equal(await own.includes('64:ff9b::10.0.0.5', 9200), true);
    assert.equal(await own.includes('fd00:0::5', 9200), true);
    assert.equal(await own.includes('10.0.0.5', 9201), false);
    assert.equal(await own.includes('10.0.0.6', 9200), false);
  });

  it('are met by any loopback address where they listen on all', async () => {
    for (const address of ['127.0.0.1', '127.8.8.8', '::1', '0.0.0.0']) {
      assert.equal(await own.includes(address, 8080), true, address);
    }
    assert.equal(await own.includes('93.184.215.14', 8080), false);
  });

  it('protect nothing behind a name that leads nowhere', async () => {
    const gone = createOwnEndpoints([{ host: 'gone.example', port: 1 }], resolve);
    assert.equal(await gone.includes('10.0.0.5', 1), false);
  });
});

describe('an own endpoint that is known by a name', () => {
  const ownOf = (cause: Error) =>
    createOwnEndpoints([{ host: 'engine.example', port: 9200 }], async () => {
      throw new NameUnresolved('not now', cause);
    });

  it('is nowhere if the name has no address', async () => {
    const nobody = Object.assign(new Error('no'), { code: 'ENOTFOUND' });
    assert.equal(await ownOf(nobody).includes('10.0.0.5', 9200), false);
  });

  it('may be anywhere if nobody answers for the name', async () => {
    await assert.rejects(ownOf(new Error('late')).includes('10.0.0.5', 9200), NameUnresolved);
  });
});
