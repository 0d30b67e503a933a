import type { ChunkBatchRepository } from '../../adapters/mongo/chunk-batches.ts';
import type { BatchChunk } from '../../adapters/mongo/library-record.ts';
import { GatewayError } from '../../core/errors.ts';
import type { CompileExpression } from '../../core/splitter/matcher.ts';
import { splitterOptions } from '../../core/splitter/options.ts';
import { splitText } from '../../core/splitter/split.ts';
import type { Verbs } from '../../core/verbs.ts';
import { storedParts, storeMarkdown } from './blocks.ts';
import { type IngestDependencies, openIngestion, reportProgress } from './ingestion.ts';
import { partsOf, type Section, sectionsOf } from './sections.ts';

export interface SplitDependencies extends IngestDependencies {
  clock: { now(): number };
  chunkBatches: ChunkBatchRepository;
  compileExpression: CompileExpression;
}

/** Chunks per batch: one call of the embedding model, one bulk request. */
export const batchSize = 32;
const batchesPerStep = 8;

/** Cuts the document's Markdown into chunks and stores them in batches, the durable truth of their text. */
export function createSplitDocument(deps: SplitDependencies): Verbs['splitDocument'] {
  return async (run, call) => {
    const ingestion = await openIngestion(deps, run);
    const { job, documentId, version, wanted } = ingestion;
    const options = splitterOptions(wanted.splitter, deps.compileExpression);
    const sections = sectionsOf(storedParts(deps, ingestion));

    let chunks: BatchChunk[] = [];
    let chunkCount = 0;
    let batches = 0;
    async function storeBatch(): Promise<void> {
      if (chunks.length === 0) return;
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
      batches += 1;
      chunks = [];
    }

    for await (const section of sections) {
      for (const { start, end } of splitText(section.text, options)) {
        if (section.text.slice(start, end).trim() === '') continue;
        chunks.push(toChunk(section, start, end, chunkCount, wanted.metadata));
        chunkCount += 1;
        if (chunks.length === batchSize) await storeBatch();
      }
    }
    await storeBatch();
    if (batches === 0) {
      throw new GatewayError('unprocessable_document', 'No text was found in the document.', { param: 'file' });
    }
    await storeMarkdown(deps, ingestion, sectionsOf(storedParts(deps, ingestion)), call.signal);
    const counts = await deps.ingestions.setProgress(job.ownerId, documentId, version, { batchesTotal: batches });
    await reportProgress(deps, run, counts);
    return { batches, batchesPerStep };
  };
}

function toChunk(
  section: Section,
  start: number,
  end: number,
  id: number,
  metadata: BatchChunk['metadata'],
): BatchChunk {
  return {
    id,
    content: section.text.slice(start, end),
    metadata,
    source: { ...partsOf(section, start, end), start: section.start + start, end: section.start + end },
  };
}
