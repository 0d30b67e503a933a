import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { useEngines } from '../../helpers/engines.ts';
import { beginIngestion } from '../../helpers/ingested.ts';
import { openLibrary, type TestLibrary } from '../../helpers/library.ts';

const owner = 7;

describe('the document of an ingestion', () => {
  let library: TestLibrary;
  let collectionId: number;
  let documentId: number;

  before(async () => {
    library = await openLibrary(useEngines());
    collectionId = await library.buildCollection(owner);
  });
  beforeEach(async () => {
    documentId = (await beginIngestion(library, { ownerId: owner, collectionId }, 'job_5')).documentId;
  });
  after(() => library.close());

  const open = (jobId: string) => beginIngestion(library, { ownerId: owner, collectionId, documentId }, jobId);
  const read = () => library.verbs.getDocument({ id: documentId }, library.as(owner));
  const part = (number: number) => ({ part: number, method: 'text' as const, confidence: null });

  it('is made once, however often its job says so', async () => {
    const { ingestions } = library.deps;
    const fields = { collectionId, name: 'again', mediaType: 'text/plain', bytes: 3, createdAt: 1 };
    await ingestions.create({ _id: documentId, ownerId: owner, jobId: 'job_5', ...fields });
    await ingestions.begin(owner, documentId, 1, { type: 'pdf', mediaType: 'application/pdf' });
    await ingestions.create({ _id: documentId, ownerId: owner, jobId: 'job_5', ...fields });
    const { name, status } = await read();
    assert.deepEqual([name, status], ['a file', 'in_progress']);
    assert.equal(await ingestions.versionOf(owner, documentId, 'job_5'), 1);
  });

  describe('when jobs try again what it was made for', () => {
    const file = { mediaType: 'text/plain', bytes: 3 };
    const handOn = (jobId: string, retriedFrom: string) =>
      library.deps.ingestions.handOn(owner, documentId, { jobId, retriedFrom, ...file });
    const versionOf = (jobId: string) => library.deps.ingestions.versionOf(owner, documentId, jobId);

    it('goes to the retry under a new version, whatever the order of their ids', async () => {
      await handOn('job_3', 'job_5');
      assert.deepEqual([await versionOf('job_3'), await versionOf('job_5')], [2, null]);
      assert.equal((await read()).status, 'queued');
    });

    it('does not go to a second retry of the same job while the first is at work', async () => {
      await handOn('job_6', 'job_5');
      await handOn('job_7', 'job_5');
      assert.deepEqual([await versionOf('job_6'), await versionOf('job_7')], [2, null]);
    });

    it('goes to a second retry of the same job when the first has failed', async () => {
      await handOn('job_6', 'job_5');
      await library.deps.ingestions.fail(owner, documentId, 2, 'failed');
      await handOn('job_7', 'job_5');
      assert.deepEqual([await versionOf('job_6'), await versionOf('job_7')], [null, 3]);
    });

    it('is not made again when it is gone', async () => {
      await library.deps.documents.remove(owner, documentId);
      await handOn('job_6', 'job_5');
      assert.equal(await library.deps.documents.find(documentId), null);
    });
  });

  it('takes nothing from a job that has lost it', async () => {
    await open('job_6');
    const { ingestions } = library.deps;
    assert.equal(await ingestions.begin(owner, documentId, 1, { type: 'pdf', mediaType: 'application/pdf' }), false);
    assert.equal(await ingestions.setProgress(owner, documentId, 1, { partsTotal: 9 }), null);
    assert.equal(await ingestions.addProvenance(owner, documentId, 1, part(1)), null);
    assert.equal(await ingestions.complete(owner, documentId, 1, 3), false);
    await ingestions.fail(owner, documentId, 1, 'cancelled');
    const { status, progress, provenance } = await read();
    assert.deepEqual([status, progress, provenance], ['queued', null, []]);
  });

  it('counts a part once, however often and in whatever order parts are reported', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }), { maxLength: 5 }),
        async (steps) => {
          const place = await beginIngestion(library, { ownerId: owner, collectionId });
          const reports = steps.flat().map(async (number) => ({
            number,
            added: await library.deps.ingestions.addProvenance(owner, place.documentId, 1, part(number)),
          }));
          const news = (await Promise.all(reports)).filter(({ added }) => added?.isNew);
          const { progress, provenance } = await library.verbs.getDocument({ id: place.documentId }, library.as(owner));
          const seen = [...new Set(steps.flat())].toSorted((a, b) => a - b);
          assert.deepEqual(
            provenance.map((each) => each.part),
            seen,
          );
          assert.equal(progress?.partsDone ?? 0, seen.length);
          assert.deepEqual(
            news.map(({ number }) => number).toSorted((a, b) => a - b),
            seen,
          );
        },
      ),
      { numRuns: 15 },
    );
  });

  it('keeps the highest counts and what was not mentioned', async () => {
    const { ingestions } = library.deps;
    await ingestions.setProgress(owner, documentId, 1, { unit: 'page', partsTotal: 4 });
    await ingestions.setProgress(owner, documentId, 1, { batchesDone: 3, batchesTotal: 5 });
    const progress = await ingestions.setProgress(owner, documentId, 1, { batchesDone: 2 });
    assert.deepEqual(progress, { unit: 'page', partsDone: 0, partsTotal: 4, batchesDone: 3, batchesTotal: 5 });
  });

  it('is completed once; what was posted since then stays', async () => {
    const { ingestions, documents } = library.deps;
    assert.equal(await ingestions.complete(owner, documentId, 1, 4), true);
    assert.deepEqual(await documents.reserveChunks(owner, documentId, 2), { firstChunk: 4, version: 1 });
    assert.equal(await ingestions.complete(owner, documentId, 1, 4), true);
    assert.deepEqual(await documents.reserveChunks(owner, documentId, 1), { firstChunk: 6, version: 1 });
    await ingestions.fail(owner, documentId, 1, 'failed');
    assert.equal((await read()).status, 'completed');
  });

  it('stays readable under its old version while and after a later job fails', async () => {
    const { ingestions, documents } = library.deps;
    await ingestions.complete(owner, documentId, 1, 4);
    await open('job_6');
    await ingestions.fail(owner, documentId, 2, 'failed');
    const [record] = await documents.activeVersions([documentId]);
    assert.equal(record?.activeVersion, 1);
    assert.deepEqual([(await read()).status, (await read()).chunks], ['failed', 4]);
  });
});
