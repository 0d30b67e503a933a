import { driveJob, type JobStart } from './job.ts';
import { lanes, ranges } from './lanes.ts';
import { enterStage } from './stage.ts';

/** Steps of one document side by side; more would only starve the documents of others. */
const width = 2;

/** From file to searchable chunks. Every step may run again without doubling anything. */
export async function ingestDocument(start: JobStart): Promise<void> {
  await driveJob(start, async (steps, ref) => {
    const run = await steps.beginJob(ref);
    if (run === null) return;
    enterStage('inspect', 1);
    const { parts, partsPerStep } = await steps.inspectDocument(run);
    await inStage('extract', ranges(1, parts, partsPerStep), (range) => steps.extractParts({ ...run, range }));
    enterStage('split', 1);
    const { batches, batchesPerStep } = await steps.splitDocument(run);
    await inStage('index', ranges(0, batches, batchesPerStep), (range) => steps.indexBatches({ ...run, ...range }));
    enterStage('publish', 1);
    await steps.publishDocument(run);
  });
}

async function inStage<T>(name: string, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const stage = enterStage(name, items.length);
  await lanes(items, width, async (item) => {
    await work(item);
    stage.advance();
  });
}
