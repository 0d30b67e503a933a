import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { discardVersions } from '../../../src/activities/documents/deletion.ts';
import { purgeDeleted } from '../../../src/activities/documents/purge-deleted.ts';
import { searchMethods } from '../../../src/core/search.ts';
import { useEngines } from '../../helpers/engines.ts';
import { beginIngestion, type Ingested, publishIngestion, writeIngestion } from '../../helpers/ingested.ts';
import { buildSearch, openLibrary, type TestLibrary } from '../../helpers/library.ts';

const owner = 7;
const old = Array.from({ length: 12 }, (_, index) => `lighthouse old ${index}`);
const fresh = Array.from({ length: 9 }, (_, index) => `lighthouse new ${index}`);

describe('a document that is being ingested', () => {
  let library: TestLibrary;
  let collectionId: number;

  before(async () => {
    library = await openLibrary(useEngines());
    collectionId = await library.buildCollection(owner);
  });
  after(() => library.close());

  const found = async (changes: Parameters<typeof buildSearch>[0] = {}) => {
    const request = buildSearch({ query: 'lighthouse', collectionIds: [collectionId], limit: 100, ...changes });
    const { hits } = await library.verbs.search(request, library.as(owner));
    return hits.map((hit) => hit.chunk.content).toSorted();
  };

  it('shows nothing before it is published, all of it at once then, and its next version in its place', async () => {
    const first = await beginIngestion(library, { ownerId: owner, collectionId });
    await writeIngestion(library, first, old);
    assert.deepEqual(await found(), []);
    assert.equal(await publishIngestion(library, first), true);
    assert.deepEqual(await found(), old.toSorted());

    const second = await beginIngestion(library, first, 'job_2');
    assert.equal(second.version, 2);
    await writeIngestion(library, second, fresh);
    assert.deepEqual(await found(), old.toSorted());
    await publishIngestion(library, second);
    for (const method of searchMethods) assert.deepEqual(await found({ method }), fresh.toSorted());
  });

  it('leaves full pages of other documents, however many of its chunks would come first', async () => {
    const few = Array.from({ length: 5 }, (_, index) => `beacon ${index}`);
    await library.buildDocument(owner, collectionId, few);
    for (const jobId of ['job_a', 'job_b', 'job_c']) {
      const hidden = await beginIngestion(library, { ownerId: owner, collectionId }, jobId);
      await writeIngestion(
        library,
        hidden,
        Array.from({ length: 40 }, () => 'beacon'),
      );
    }
    for (const method of searchMethods) {
      assert.deepEqual(await found({ query: 'beacon', method, limit: 5 }), few);
    }
  });

  it('is seen as one whole version by every search while versions come and go', async () => {
    const place = { ownerId: owner, collectionId: await library.buildCollection(owner) };
    const textsOf = (version: number) => Array.from({ length: 6 + version }, (_, index) => `buoy v${version} ${index}`);
    let current: Ingested = await beginIngestion(library, place, 'job_v1');
    await writeIngestion(library, current, textsOf(1));
    await publishIngestion(library, current);

    let writing = true;
    const reader = (async () => {
      let reads = 0;
      while (writing || reads < 5) {
        const contents = await found({ query: 'buoy', collectionIds: [place.collectionId] });
        const versions = new Set(contents.map((content) => content.split(' ')[1]));
        assert.equal(versions.size, 1, `one search saw ${[...versions].join(' and ') || 'nothing'}`);
        const [version = ''] = versions;
        assert.equal(contents.length, 6 + Number(version.slice(1)));
        reads += 1;
      }
    })();
    for (let version = 2; version <= 6; version += 1) {
      const next = await beginIngestion(library, { ...place, documentId: current.documentId }, `job_v${version}`);
      await writeIngestion(library, next, textsOf(version));
      await publishIngestion(library, next);
      await discardVersions(library.deps, { ...next, belowVersion: next.version });
      current = next;
    }
    writing = false;
    await reader;
    assert.deepEqual(await found({ query: 'buoy', collectionIds: [place.collectionId] }), textsOf(6).toSorted());
  });

  it('keeps nothing of a discarded version, in the index or in the store', async () => {
    const place = { ownerId: owner, collectionId: await library.buildCollection(owner) };
    const first = await beginIngestion(library, place, 'job_1');
    await writeIngestion(library, first, ['one', 'two', 'three']);
    await publishIngestion(library, first);
    const failed = await beginIngestion(library, first, 'job_2');
    await writeIngestion(library, failed, ['four']);
    await library.deps.ingestions.fail(owner, failed.documentId, failed.version, 'failed');
    await discardVersions(library.deps, { ...failed, belowVersion: failed.version + 1 });

    library.clock.time += 60_000;
    await purgeDeleted(library.deps, 100, library.as(owner));
    const { documentId } = first;
    assert.equal((await library.deps.chunkBatches.count(owner, { documentId, version: 1 })).chunks, 3);
    assert.equal((await library.deps.chunkBatches.count(owner, { documentId, version: 2 })).chunks, 0);
    assert.equal(await library.indexed({ term: { document_id: documentId } }), 3);
  });
});
