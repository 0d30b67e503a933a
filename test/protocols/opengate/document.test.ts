import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoredDocument } from '../../../src/core/collection.ts';
import { document, presentDocument } from '../../../src/protocols/opengate/documents/document.ts';

const stored: StoredDocument = {
  id: 5,
  ownerId: 1,
  collectionId: 4,
  visibility: 'private',
  name: 'report.pdf',
  chunks: 12,
  status: 'in_progress',
  jobId: 'job_1',
  type: 'pdf',
  mediaType: 'application/pdf',
  bytes: 1024,
  progress: { unit: 'page', partsDone: 3, partsTotal: 4, batchesDone: 1, batchesTotal: 2 },
  provenance: [{ part: 1, method: 'ocr', confidence: 0.9 }],
  createdAt: 1_700_000_000_999,
};

describe('a document on the wire', () => {
  it('shows how far its ingestion has come', () => {
    assert.deepEqual(document.parse(presentDocument(stored)), {
      object: 'document',
      id: 5,
      name: 'report.pdf',
      collection_id: 4,
      created: 1_700_000_000,
      chunks: 12,
      status: 'in_progress',
      job_id: 'job_1',
      type: 'pdf',
      media_type: 'application/pdf',
      bytes: 1024,
      progress: { unit: 'page', parts_done: 3, parts_total: 4, batches_done: 1, batches_total: 2, percent: 62 },
      provenance: [{ part: 1, method: 'ocr', confidence: 0.9 }],
    });
  });

  it('is at 0 percent until anything is known, and at 100 when all is done', () => {
    const at = (partsTotal: number | null, batchesTotal: number | null, done: number) => {
      const progress = { unit: 'page', partsDone: done, partsTotal, batchesDone: done, batchesTotal };
      return presentDocument({ ...stored, progress }).progress?.percent;
    };
    assert.equal(at(null, null, 0), 0);
    assert.equal(at(4, null, 4), 50);
    assert.equal(at(4, 4, 4), 100);
    assert.equal(at(1, 0, 1), 100);
  });
});
