import assert from 'node:assert/strict';
import type { Job, JobRef, JobRun } from '../../src/core/job.ts';
import type { TestApp, TestCaller } from './app.ts';
import { buildCall } from './calls.ts';

export type IngestStage = 'begun' | 'extracted' | 'split' | 'published';

/** Ingestions of an app without workers: the test takes their steps, so that anything can happen between two of them. */
export function createIngestSteps(app: TestApp, user: TestCaller) {
  const ownerId = user.userId;

  async function findJob(id: string): Promise<Job> {
    const job = await app.deps.jobs.find(ownerId, id);
    assert.ok(job);
    return job;
  }

  return {
    findJob,

    async newCollection(): Promise<number> {
      const { id } = await user.json<{ id: number }>('POST', '/v1/collections', { body: { name: 'a' } });
      return id;
    },

    /** The job of an upload, which nobody has begun, and the document it will fill. */
    async upload(collectionId: number, content: string): Promise<{ job: Job; documentId: number }> {
      const body = new FormData();
      body.set('file', new File([content], 'a.md'));
      body.set('collection_id', String(collectionId));
      const headers = { prefer: 'respond-async' };
      const { id } = await user.json<{ id: string }>('POST', '/v1/documents', { body, headers });
      const job = await findJob(id);
      assert.ok(job.subject);
      return { job, documentId: job.subject.documentId };
    },

    /** Null when there is nothing to do. */
    begin(jobId: string): Promise<JobRun | null> {
      return app.verbs.beginJob({ jobId, ownerId } satisfies JobRef, buildCall());
    },

    /** The steps up to one of them. */
    async take(jobId: string, upTo: IngestStage): Promise<JobRun> {
      const { verbs } = app;
      const run = await this.begin(jobId);
      assert.ok(run);
      if (upTo === 'begun') return run;
      const { parts } = await verbs.inspectDocument(run, buildCall());
      await verbs.extractParts({ ...run, range: { from: 1, to: parts } }, buildCall());
      if (upTo === 'extracted') return run;
      const { batches } = await verbs.splitDocument(run, buildCall());
      if (upTo === 'split') return run;
      await verbs.indexBatches({ ...run, from: 0, to: batches - 1 }, buildCall());
      await verbs.publishDocument(run, buildCall());
      return run;
    },

    /** The blobs of what was read of a version. */
    async blocksOf(documentId: number, version = 1): Promise<string[]> {
      const stored = await app.deps.extractions.list(ownerId, documentId, version);
      return stored.map(({ blob }) => blob.id);
    },
  };
}

export type IngestSteps = ReturnType<typeof createIngestSteps>;
