import type { Config } from '../../config.ts';
import { ownerOf } from '../../core/access.ts';
import { type BatchState, emptyBatch, type NewBatch, type NewEmbedBatch } from '../../core/batch.ts';
import type { BlobRef, BlobStore } from '../../core/blob.ts';
import type { Call } from '../../core/call.ts';
import type { NewDocument } from '../../core/collection.ts';
import { assertThat } from '../../core/errors.ts';
import { type FilePurpose, fileIdOf, type StoredFile } from '../../core/file.ts';
import type { Job } from '../../core/job.ts';
import type { Admission } from '../admissions.ts';
import { assertWritableCollection } from '../collections/find.ts';
import type { EmbedDependencies } from '../embed.ts';
import { createEmbedAdmission } from '../embed.ts';
import { assertRoom, type Stores, storedBytes } from '../files/limits.ts';
import { missing } from '../files/missing.ts';
import { createIngestAdmission, type IngestAdmissionDependencies } from '../ingest/admission.ts';
import { inputReference } from '../jobs/held-blobs.ts';
import { findEndpoint } from '../jobs/stored-request.ts';

export interface BatchAdmissionDependencies extends Pick<EmbedDependencies, 'routers'>, Stores {
  config: Pick<Config, 'batches' | 'files'>;
  clock: { now(): number };
  blobs: BlobStore;
  newJobId(now: number): string;
}

/** OpenAI's one window. */
const windowMs = 24 * 3_600_000;

/** What a batch is asked before it is accepted. Its lines are checked when it runs. */
export function createBatchAdmission(deps: BatchAdmissionDependencies): Admission<NewBatch> {
  return {
    async admit(input, call) {
      assertThat(
        findEndpoint(`POST ${input.target}`),
        'unsupported_value',
        `'${input.target}' is not served here, so there are no batches of it.`,
        { param: 'endpoint' },
      );
      const file = await inputOf(deps, input.inputFileId, ['batch'], call);
      const { target, completionWindow, filesExpireAfterMs, metadata } = input;
      const batch = stateOf(deps, file, { target, completionWindow, linesPerCall: 1, filesExpireAfterMs });
      return { batch, metadata, deadlineAt: deps.clock.now() + windowMs };
    },
    accepted: (job) => hold(deps, job),
    ended: (job) => letGo(deps, job),
  };
}

/** The same of a file of texts, which one model embeds. A document that it becomes is admitted as any other. */
export function createEmbedBatchAdmission(
  deps: BatchAdmissionDependencies & IngestAdmissionDependencies,
): Admission<NewEmbedBatch> {
  const embedding = createEmbedAdmission(deps);
  const ingestion = createIngestAdmission(deps);
  return {
    async admit({ inputFileId, dimensions, filesExpireAfterMs, metadata, ...wanted }, call, previous) {
      const { model, collection } = await modelOf(wanted, call);
      await embedding.admit({ model, dimensions, texts: [] }, call, null);
      const file = await inputOf(deps, inputFileId, ['batch', 'user_data'], call);
      const linesPerCall = deps.config.batches.textsPerCall;
      const facts = { target: '/v1/embeddings', completionWindow: 'none', linesPerCall, filesExpireAfterMs };
      const batch = { ...stateOf(deps, file, facts), model };
      if (collection === null) return { batch, metadata };
      const document = documentOf(collection, file.blob, file.name);
      return { ...(await ingestion.admit(document, call, previous)), batch, metadata };
    },

    async accepted(job, { collectionId }) {
      await hold(deps, job);
      if (!job.batch || collectionId === null) return;
      await ingestion.accepted?.(job, documentOf(collectionId, job.batch.input, job.batch.input.name));
    },

    async ended(job) {
      await letGo(deps, job);
      await ingestion.ended?.(job);
      // Readers may see the texts already, of a job that was about to complete. From here on none can be shown any more.
      const status = job.status === 'cancelled' ? 'cancelled' : 'failed';
      if (job.subject) await deps.ingestions.takeBack(job.ownerId, job.subject.documentId, job.id, status);
    },
  };

  async function modelOf(
    { model, collectionId }: Pick<NewEmbedBatch, 'model' | 'collectionId'>,
    call: Call,
  ): Promise<{ model: string; collection: number | null }> {
    if (collectionId === null) return { model: model ?? '', collection: null };
    const { embeddingModel, _id } = await assertWritableCollection(deps, call.principal, collectionId);
    return { model: embeddingModel, collection: _id };
  }
}

/** Its texts are its chunks: nothing is cut. */
function documentOf(collectionId: number, file: BlobRef, name: string | null): NewDocument {
  const splitter = {
    chunkSize: 1,
    chunkMinSize: 0,
    chunkOverlap: 0,
    separators: [],
    isSeparatorRegex: false,
    preset: 'markdown',
    disableChunking: true,
  };
  return { collectionId, file, name, splitter, metadata: null };
}

async function inputOf(
  deps: BatchAdmissionDependencies,
  id: string,
  purposes: readonly FilePurpose[],
  call: Call,
): Promise<StoredFile> {
  const param = 'input_file_id';
  const ownerId = ownerOf(call.principal, 'batches');
  const file = await deps.files.find(ownerId, id);
  assertThat(file, 'not_found', missing(id), { param });
  const expected = purposes.map((purpose) => `'${purpose}'`).join(' or ');
  const message = `Expected a file of the purpose ${expected}, and ${id} is of '${file.purpose}'.`;
  assertThat(purposes.includes(file.purpose), 'invalid_request', message, { param });
  // How much it will write nobody knows yet; there must be room for some of it.
  assertRoom((await storedBytes(deps, ownerId)) + 1, deps.config.files, param);
  return file;
}

function stateOf(
  deps: BatchAdmissionDependencies,
  file: StoredFile,
  facts: Pick<BatchState, 'target' | 'completionWindow' | 'linesPerCall' | 'filesExpireAfterMs'>,
): BatchState {
  const newId = () => fileIdOf(deps.newJobId(deps.clock.now()));
  const reserved = { output: newId(), error: newId() };
  return emptyBatch({ ...facts, inputFileId: file.id, input: file.blob, reserved });
}

/** The input stays until the job ends, also if its file is deleted; see `storedBytes`. */
async function hold({ blobs }: BatchAdmissionDependencies, job: Job): Promise<void> {
  if (job.batch) await blobs.attach(job.ownerId, job.batch.input.id, inputReference(job.id));
}

async function letGo({ blobs }: BatchAdmissionDependencies, job: Job): Promise<void> {
  await blobs.release(job.ownerId, inputReference(job.id));
}
