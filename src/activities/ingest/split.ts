import type { ChunkBatchRepository } from '../../adapters/mongo/chunk-batches.ts';
import type { TextSplitter } from '../../adapters/parsing/text-splitter.ts';
import { crashPoint } from '../../core/crash-point.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Verbs } from '../../core/verbs.ts';
import { batchesOf } from './batches.ts';
import { storedParts } from './blocks.ts';
import { type IngestDependencies, openIngestion, reportProgress } from './ingestion.ts';
import { requireMarkdownBytes } from './markdown-limit.ts';
import { sectionsOf } from './sections.ts';

export interface SplitDependencies extends IngestDependencies {
  clock: { now(): number };
  chunkBatches: ChunkBatchRepository;
  textSplitter: TextSplitter;
}

const batchesPerStep = 8;

/** Cuts the document's Markdown into chunks and stores them in batches, the durable truth of their text. */
export function createSplitDocument(deps: SplitDependencies): Verbs['splitDocument'] {
  return async (run, call) => {
    const ingestion = await openIngestion(deps, run);
    const { job, documentId, version, wanted } = ingestion;
    await requireMarkdownBytes(deps, ingestion);
    const sections = sectionsOf(storedParts(deps, job.ownerId, { documentId, version }));
    const splitter = await deps.textSplitter.open(wanted.splitter, call.signal);
    let batches = 0;
    try {
      for await (const chunks of batchesOf(sections, splitter, wanted.metadata, deps.config.documents, call.signal)) {
        call.signal.throwIfAborted();
        await deps.chunkBatches.put({
          ownerId: job.ownerId,
          collectionId: wanted.collectionId,
          documentId,
          version,
          batch: batches,
          chunks,
          createdAt: deps.clock.now(),
        });
        crashPoint('split.batch_stored.before_next');
        batches += 1;
      }
    } finally {
      await splitter.close();
    }
    if (batches === 0) {
      throw new GatewayError('unprocessable_document', 'No text was found in the document.', { param: 'file' });
    }
    crashPoint('split.stored.before_count');
    const counts = await deps.ingestions.setProgress(job.ownerId, documentId, version, { batchesTotal: batches });
    await reportProgress(deps, run, counts);
    return { batches, batchesPerStep };
  };
}
