import type { IngestSteps } from '../../core/verbs.ts';
import { createExtractParts } from './extract.ts';
import { createIndexBatches } from './index-batches.ts';
import { createInspectDocument } from './inspect.ts';
import { createPublishDocument, type PublishDependencies } from './publish.ts';
import { createSplitDocument, type SplitDependencies } from './split.ts';

/** The way of a document from file to searchable chunks, step by step. */
export function createIngestSteps(deps: PublishDependencies & SplitDependencies): IngestSteps {
  return {
    inspectDocument: createInspectDocument(deps),
    extractParts: createExtractParts(deps),
    splitDocument: createSplitDocument(deps),
    indexBatches: createIndexBatches(deps),
    publishDocument: createPublishDocument(deps),
  };
}
