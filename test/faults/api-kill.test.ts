import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chooseSeed, openStack, type RunningStack, seededRandom } from '../helpers/stack.ts';

const kills = 20;
/** A submission takes a few ms; the deaths are spread over that and a little more. */
const longestPauseMs = 60;
const letter = join(import.meta.dirname, '../../examples/documents/letter.eml');

describe('an API process that is killed', () => {
  let running: RunningStack;
  before(async () => {
    running = await openStack('api', 1);
  });
  after(() => running.stack.stop());

  it(`${kills} times during submissions makes one job per key when the caller tries again`, async (t) => {
    const seed = chooseSeed();
    t.diagnostic(`FAULT_SEED=${seed}`);
    const random = seededRandom(seed);
    const { stack } = running;
    const client = await running.signUp();
    const { id: collection } = await client.createCollection('letters');
    let answeredBeforeDeath = 0;
    const jobIds: string[] = [];
    for (let round = 0; round < kills; round += 1) {
      const key = `submission-${round}`;
      const first = client.submitDocument(collection, letter, key).then(
        ({ id }) => id,
        () => null,
      );
      await new Promise((resolve) => setTimeout(resolve, random() * longestPauseMs));
      await stack.api.kill();
      const firstId = await first;
      await stack.restartApi();
      const { id } = await client.submitDocument(collection, letter, key);
      if (firstId !== null) {
        answeredBeforeDeath += 1;
        assert.equal(firstId, id, 'an accepted job was not found again by its key');
      }
      jobIds.push(id);
    }
    t.diagnostic(`${answeredBeforeDeath} of ${kills} were answered before the process died`);
    assert.equal(new Set(jobIds).size, kills);
    for (let round = 0; round < kills; round += 1) {
      const listed = await client.listJobs(`idempotency_key=submission-${round}`);
      assert.deepEqual(
        listed.map(({ id }) => id),
        [jobIds[round]],
      );
    }
    const names = await client.listDocuments(collection);
    assert.equal(names.length, kills, 'one document per job');
  });
});
