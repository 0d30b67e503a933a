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
    assert.equal((await open('job_5')).version, 1);
    await library.deps.ingestions.begin(owner, documentId, 1, { type: 'pdf', mediaType: 'application/pdf' });
    assert.equal((await open('job_5')).version, 1);
    assert.equal((await read()).status, 'in_progress');
  });

  it('goes to a later job under a new version, and never back to an earlier one', async () => {
    await library.deps.ingestions.fail(owner, documentId, 1, 'failed');
    assert.equal((await open('job_6')).version, 2);
    assert.equal((await read()).status, 'queued');
    await assert.rejects(open('job_5'));
    assert.equal(await library.deps.ingestions.versionOf(owner, documentId, 'job_5'), null);
    assert.equal(await library.deps.ingestions.versionOf(owner, documentId, 'job_6'), 2);
  });

  it('takes nothing from a job that has lost it', async () => {
    await open('job_6');
    const { ingestions } = library.deps;
    assert.equal(await ingestions.begin(owner, documentId, 1, { type: 'pdf', mediaType: 'application/pdf' }), false);
    assert.equal(await ingestions.setProgress(owner, documentId, 1, { partsTotal: 9 }), null);
    assert.equal(await ingestions.addProvenance(owner, documentId, 1, [part(1)]), null);
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
          const reports = steps.map((numbers) =>
            library.deps.ingestions.addProvenance(owner, place.documentId, 1, numbers.map(part)),
          );
          await Promise.all(reports);
          const { progress, provenance } = await library.verbs.getDocument({ id: place.documentId }, library.as(owner));
          const seen = [...new Set(steps.flat())].toSorted((a, b) => a - b);
          assert.deepEqual(
            provenance.map((each) => each.part),
            seen,
          );
          assert.equal(progress?.partsDone ?? 0, seen.length);
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
