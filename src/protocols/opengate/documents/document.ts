import { z } from 'zod';
import type { IngestProgress, StoredDocument } from '../../../core/collection.ts';
import { percentOf } from '../../../core/ingest-progress.ts';
import { toSeconds } from '../fields.ts';

const progress = z.object({
  unit: z.string().describe('What one part is: a page, sheet, slide or part.'),
  parts_done: z.int(),
  parts_total: z.int().nullable(),
  batches_done: z.int().describe('Batches of chunks that are embedded and indexed.'),
  batches_total: z.int().nullable(),
  percent: z.int().min(0).max(100),
});

const provenance = z.object({
  part: z.int().describe('The number of the page, sheet, slide or part, from 1.'),
  method: z.enum(['text', 'ocr', 'provider', 'mixed', 'empty']).describe('How its text was obtained.'),
  confidence: z.number().nullable().describe('Mean confidence of recognised text, 0 to 1.'),
});

/** What S4 shows of a document, and how its ingestion stands. */
export const documentSummary = z.object({
  object: z.literal('document'),
  id: z.int(),
  name: z.string(),
  collection_id: z.int(),
  created: z.int(),
  chunks: z.int().describe('Chunks that a search can find.'),
  status: z.enum(['queued', 'in_progress', 'completed', 'failed', 'cancelled']),
  job_id: z.string().nullable().describe('The job that filled or fills it; null for a document made without a file.'),
  type: z.string().nullable(),
  media_type: z.string().nullable(),
  bytes: z.int().nullable(),
  progress: progress.nullable(),
});

export const document = documentSummary.extend({
  provenance: z.array(provenance).describe('One entry per part that was read.'),
});

export function presentSummary(stored: StoredDocument): z.input<typeof documentSummary> {
  return {
    object: 'document',
    id: stored.id,
    name: stored.name,
    collection_id: stored.collectionId,
    created: toSeconds(stored.createdAt),
    chunks: stored.chunks,
    status: stored.status,
    job_id: stored.jobId,
    type: stored.type,
    media_type: stored.mediaType,
    bytes: stored.bytes,
    progress: stored.progress && presentProgress(stored.progress),
  };
}

export function presentDocument(stored: StoredDocument): z.input<typeof document> {
  return { ...presentSummary(stored), provenance: stored.provenance.map((part) => ({ ...part })) };
}

function presentProgress(counts: IngestProgress): z.input<typeof progress> {
  return {
    unit: counts.unit,
    parts_done: counts.partsDone,
    parts_total: counts.partsTotal,
    batches_done: counts.batchesDone,
    batches_total: counts.batchesTotal,
    percent: percentOf(counts),
  };
}
