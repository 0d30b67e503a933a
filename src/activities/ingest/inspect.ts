import type { DocumentType } from '../../core/document.ts';
import type { Verbs } from '../../core/verbs.ts';
import { type IngestDependencies, openIngestion, reportProgress } from './ingestion.ts';

/** Parts per step: enough to be worth a step, few enough that a lost worker costs little. Others read in one go. */
const partsPerStep: Partial<Record<DocumentType, number>> = { pdf: 8, text: 8, csv: 8, markdown: 8 };
const allAtOnce = 1_000;

/** Finds out what the file is and how many parts it has. */
export function createInspectDocument(deps: IngestDependencies): Verbs['inspectDocument'] {
  return async (run, call) => {
    const { job, documentId, version, file } = await openIngestion(deps, run);
    const hint = { name: file.name ?? '', mediaType: file.mediaType };
    const inspection = await deps.checkouts.withFile(job.ownerId, file, (path) =>
      deps.parser.inspect(path, hint, call.signal),
    );
    await deps.ingestions.begin(job.ownerId, documentId, version, inspection);
    const counts = await deps.ingestions.setProgress(job.ownerId, documentId, version, {
      unit: inspection.unit,
      partsTotal: inspection.parts,
    });
    await reportProgress(deps, run, counts);
    return { parts: inspection.parts, partsPerStep: partsPerStep[inspection.type] ?? allAtOnce };
  };
}
