import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sandboxCommand } from '../../../../src/adapters/parsing/host/sandbox.ts';
import { fileOf } from '../../../helpers/parsing.ts';

const probe = fileURLToPath(new URL('sandbox-probe.ts', import.meta.url));

/** With all that the platform gives, and with Node's own means alone. */
const variants = { 'the sandbox of the parser': true, 'the sandbox without a network namespace': false };

for (const [name, withNamespace] of Object.entries(variants)) {
  describe(name, () => {
    const cleanups: (() => Promise<void>)[] = [];
    const context = { after: (cleanup: () => Promise<void>) => void cleanups.push(cleanup) };
    const server = createServer((_request, response) => response.end());
    let results: Record<string, unknown>;
    let connections = 0;

    before(async () => {
      server.on('connection', () => {
        connections += 1;
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const readable = await fileOf(context, 'readable');
      const unreadable = await fileOf(context, 'unreadable');
      const sandbox = await sandboxCommand([dirname(readable), dirname(probe)], 256 * 1024 * 1024);
      const words = [sandbox.program, ...sandbox.arguments.slice(0, -1)];
      const [program = '', ...rest] = withNamespace ? words : words.slice(words.indexOf(process.execPath));
      const { port } = server.address() as AddressInfo;
      const { stdout } = await promisify(execFile)(program, [...rest, probe, `${port}`, readable, unreadable], {
        env: {},
      });
      results = JSON.parse(stdout);
    });
    after(async () => {
      server.close();
      for (const cleanup of cleanups) await cleanup();
    });

    for (const way of ['net', 'fetch', 'lookup', 'resolve', 'worker']) {
      test(`no network by ${way}`, () => {
        assert.match(String(results[way]), /^(?:did: )?refused: (?:A document parser has no network|fetch failed)/);
      });
    }

    test('nobody came to the server beside it', () => assert.equal(connections, 0));

    test('no child processes', () => assert.match(String(results['child']), /^refused: /));

    test('no files written, not even where it reads', () => assert.match(String(results['write']), /^refused: /));

    test('no files read but those in the folders of documents', () => {
      assert.equal(results['read'], 'did: readable');
      assert.match(String(results['readElsewhere']), /^refused: /);
    });

    test('no environment', () => assert.deepEqual(results['environment'], []));
  });
}
