import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createSecrets } from '../../../src/adapters/secrets/seal.ts';
import { loadSecretsKey } from '../../../src/adapters/secrets/secrets-key.ts';
import { GatewayError } from '../../../src/core/errors.ts';

const first = 'the first secret of this installation';
const second = 'the second secret of this installation';

function isRefusal(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'upstream_auth_error';
}

describe('sealed secrets', () => {
  const secrets = createSecrets({ current: first, old: [] });

  it('open to what was sealed, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(secrets.open(secrets.seal(text)), text);
      }),
    );
  });

  it('do not show what is in them, nor that two are the same', () => {
    const sealed = secrets.seal('sk-secret');
    assert.doesNotMatch(sealed, /sk-secret/);
    assert.notEqual(sealed, secrets.seal('sk-secret'));
  });

  it('open after the key has been changed, with the old one at hand', () => {
    const sealed = secrets.seal('sk-secret');
    const rotated = createSecrets({ current: second, old: [first] });
    assert.equal(rotated.open(sealed), 'sk-secret');
    assert.equal(createSecrets({ current: second, old: [] }).open(rotated.seal('sk-secret')), 'sk-secret');
  });

  it('stay shut for another key, which is known beforehand', () => {
    const sealed = secrets.seal('sk-secret');
    const other = createSecrets({ current: second, old: [] });
    assert.equal(secrets.hasKeyOf(sealed), true);
    assert.equal(other.hasKeyOf(sealed), false);
    assert.throws(() => other.open(sealed), isRefusal);
  });

  it('stay shut when any character of them is another', () => {
    const sealed = secrets.seal('sk-secret');
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = `${sealed.slice(0, index)}${sealed[index] === 'A' ? 'B' : 'A'}${sealed.slice(index + 1)}`;
      // The last character of base64url may carry bits that decode to nothing.
      if (Buffer.from(changed.split('.')[2] ?? '', 'base64url').equals(contentOf(sealed)) && sameHead(changed, sealed))
        continue;
      assert.throws(() => secrets.open(changed), isRefusal, `character ${index}`);
    }
  });

  it('stay shut when they are cut short', () => {
    const sealed = secrets.seal('sk-secret');
    for (const length of [0, 3, 12, 20, sealed.length - 2]) {
      assert.throws(() => secrets.open(sealed.slice(0, length)), isRefusal, `${length} characters`);
    }
  });
});

function contentOf(sealed: string): Buffer {
  return Buffer.from(sealed.split('.')[2] ?? '', 'base64url');
}

function sameHead(one: string, other: string): boolean {
  return one.split('.').slice(0, 2).join() === other.split('.').slice(0, 2).join();
}

describe('the key that seals', () => {
  it('is made once, for its owner to read only, and is the same to every process of the folder', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'secrets-key-'));
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadSecretsKey(null, dataDir)));
    assert.equal(new Set(keys).size, 1);
    assert.match(keys[0] ?? '', /^[\w-]{43}$/);
    assert.deepEqual(await readdir(dataDir), ['secrets-key']);
    assert.equal((await stat(join(dataDir, 'secrets-key'))).mode & 0o777, 0o600);
    await rm(dataDir, { recursive: true });
  });

  it('is the configured one where there is one', async () => {
    assert.equal(await loadSecretsKey(first, '/nowhere'), first);
  });
});
