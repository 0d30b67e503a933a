import { driveJob, type JobStart } from './job.ts';
import { lanes, ranges } from './lanes.ts';

/** Steps of one document side by side; more would only starve the documents of others. */
const width = 2;

/** From file to searchable chunks. Every step may run again without doubling anything. */
export async function ingestDocument(start: JobStart): Promise<void> {
  await driveJob(start, async (steps, ref) => {
    const run = await steps.beginJob(ref);
    if (run === null) return;
    const { parts, partsPerStep } = await steps.inspectDocument(run);
    await lanes(ranges(1, parts, partsPerStep), width, (range) => steps.extractParts({ ...run, range }));
    const { batches, batchesPerStep } = await steps.splitDocument(run);
    await lanes(ranges(0, batches, batchesPerStep), width, (range) => steps.indexBatches({ ...run, ...range }));
    await steps.publishDocument(run);
  });
}
