import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { servesPlatform } from '../../engines/acquire/sources.ts';
import { lockedEngines, type Platform } from '../../engines/versions.ts';

const platforms: Platform[] = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

describe('the locked engines', () => {
  for (const [name, engine] of Object.entries(lockedEngines)) {
    it(`have a source of ${name} for every platform`, () => {
      for (const platform of platforms) {
        assert.ok(
          engine.sources.some((source) => servesPlatform(source, platform)),
          `${name} on ${platform}`,
        );
      }
    });

    it(`lock every hash of ${name} as SHA-256, none twice`, () => {
      const hashes = engine.sources.flatMap((source) => {
        if (source.kind === 'pip') return Object.values(source.sha256);
        if (source.kind === 'maven') return [source.sha256];
        return Object.values(source.platforms).flatMap(({ checksum }) =>
          'sha256' in checksum ? [checksum.sha256] : [],
        );
      });
      for (const hash of hashes) assert.match(hash, /^[0-9a-f]{64}$/);
      assert.equal(new Set(hashes).size, hashes.length);
    });

    it(`try the vendor's archive of ${name} last`, () => {
      const kinds = engine.sources.map(({ kind }) => kind);
      assert.ok(!kinds.includes('archive') || kinds.indexOf('archive') === kinds.length - 1);
    });
  }
});
