import type { PartProvenance } from '../../core/collection.ts';
import { crashPoint } from '../../core/crash-point.ts';
import type { DocumentPart } from '../../core/document.ts';
import type { NewJobEvent } from '../../core/job.ts';
import type { Verbs } from '../../core/verbs.ts';
import { documentReference } from '../documents/reference.ts';
import { type IngestDependencies, type Ingestion, openIngestion, reportProgress } from './ingestion.ts';
import { countMarkdown, requireMarkdownBytes } from './markdown-limit.ts';

/** How much of a part's text goes out as an event while the job runs; the whole is in the document. */
const previewLength = 2_000;
/** Longer documents tell their progress only: the log of a job stays small. */
const maxPreviewedParts = 200;

/** Reads parts of the file and stores their blocks, one JSON line per part. */
export function createExtractParts(deps: IngestDependencies): Verbs['extractParts'] {
  return async ({ range, ...run }, call) => {
    const ingestion = await openIngestion(deps, run);
    const { job, documentId, version, file } = ingestion;
    if (await deps.extractions.find(job.ownerId, documentId, version, range.from)) return;

    const storedBytes = await requireMarkdownBytes(deps, ingestion);
    const { maxMarkdownBytes } = deps.config.documents;
    let markdownBytes = 0;
    const hint = { name: file.name ?? '', mediaType: file.mediaType };
    const blob = await deps.checkouts.withFile(job.ownerId, file, async (path) => {
      const inspection = await deps.parser.inspect(path, hint, call.signal);
      const options = { forceOcr: false, languages: deps.config.documents.ocrLanguages };
      const parts = deps.parser.extract(path, inspection, range, options, call.signal);
      const counted = countMarkdown(parts, storedBytes, maxMarkdownBytes, (bytes) => {
        markdownBytes += bytes;
      });
      const upload = {
        content: reported(deps, ingestion, counted),
        mediaType: 'application/x-ndjson',
        name: null,
        // Its Markdown is what is limited, and counted as it passes.
        maxBytes: Number.POSITIVE_INFINITY,
      };
      return deps.blobs.put(job.ownerId, upload, call.signal);
    });
    const reference = documentReference(documentId);
    crashPoint('extract.stored.before_attach');
    await deps.blobs.attach(job.ownerId, blob.id, reference);
    crashPoint('extract.attached.before_record');
    const replaced = await deps.extractions.put(job.ownerId, { documentId, version, ...range, blob, markdownBytes });
    crashPoint('extract.recorded.before_detach');
    if (replaced) await deps.blobs.detach(job.ownerId, replaced.id, reference);
  };
}

/** The parts as lines, told to the caller as they pass: each once, however often its step is tried. */
async function* reported(
  deps: IngestDependencies,
  ingestion: Ingestion,
  parts: AsyncIterable<DocumentPart>,
): AsyncIterable<Uint8Array> {
  const { run, job, documentId, version } = ingestion;
  for await (const part of parts) {
    yield Buffer.from(`${JSON.stringify(part)}\n`);
    const added = await deps.ingestions.addProvenance(job.ownerId, documentId, version, provenanceOf(part));
    const previewed = added?.isNew && (added.counts.partsTotal ?? 0) <= maxPreviewedParts;
    crashPoint('extract.counted.before_report');
    await reportProgress(deps, run, added?.counts ?? null, previewed ? preview(part) : []);
  }
}

function preview(part: DocumentPart): NewJobEvent[] {
  const text = part.blocks.map((block) => block.markdown).join('\n\n');
  if (text === '') return [];
  const delta = text.slice(0, previewLength);
  return [{ type: 'job.output', data: { delta, part: part.number, truncated: delta.length < text.length } }];
}

/** How sure we are of a part: its blocks' confidence weighted by their length, where text was recognised. */
function provenanceOf({ number, blocks }: DocumentPart): PartProvenance {
  const methods = new Set(blocks.map((block) => block.method));
  const [method = 'empty'] = methods;
  const recognised = blocks.flatMap(({ confidence, markdown }) =>
    confidence === null ? [] : [{ confidence, weight: markdown.length }],
  );
  const weight = recognised.reduce((sum, block) => sum + block.weight, 0);
  const confidence = recognised.reduce((sum, block) => sum + block.confidence * block.weight, 0) / weight;
  return {
    part: number,
    method: methods.size > 1 ? 'mixed' : method,
    confidence: weight === 0 ? null : Math.round(confidence * 1000) / 1000,
  };
}
