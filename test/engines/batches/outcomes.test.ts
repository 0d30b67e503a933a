import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Connection } from 'mongoose';
import { type BatchRepository, createBatchRepository, type LineOutcome } from '../../../src/adapters/mongo/batches.ts';
import { connectMongo } from '../../../src/adapters/mongo/connection.ts';
import { prepareMongo } from '../../../src/adapters/mongo/prepare.ts';
import { usageOf } from '../../../src/core/usage.ts';
import { useEngines } from '../../helpers/engines.ts';

const ownerId = 7;
const jobId = 'job_01k00000000000000000000000000';

function answered(line: number, text: string): LineOutcome {
  const counts = { completed: 1, failed: 0, usage: usageOf({}), attempt: 1 };
  return { jobId, shard: 0, line, output: { text }, errors: null, ...counts };
}

describe('what became of the lines of a batch', () => {
  const engines = useEngines();
  let connection: Connection;
  let batches: BatchRepository;

  before(async () => {
    connection = await connectMongo({ url: engines.mongodbUrl, database: engines.database });
    batches = createBatchRepository(connection);
    await prepareMongo(connection);
  });
  after(async () => {
    await connection.dropDatabase();
    await connection.close();
  });

  it('is what was said of a line first, however many say it, and the lines beside it are kept', async () => {
    await batches.put(ownerId, [answered(1, 'first')]);
    await Promise.all([2, 3, 4].map((other) => batches.put(ownerId, [answered(1, 'later'), answered(other, 'new')])));
    const texts = (await Array.fromAsync(batches.read(ownerId, jobId, 'output'))).map((lines) =>
      'text' in lines ? lines.text : null,
    );
    assert.deepEqual(texts, ['first', 'new', 'new', 'new']);
  });
});
