import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { crashPointsInSource } from '../../helpers/crash-points.ts';
import { chooseSeed, seededRandom } from '../../helpers/stack.ts';
import { scenarioFor } from './scenarios.ts';
import { openWorld, type World } from './world.ts';

/** Waiting for a dead worker's heartbeats takes most of the time, so several wait side by side. */
const concurrency = 8;
/** Times each point is hit: first at the first visit, then at visits that the seed chooses. */
const rounds = Number(process.env['CRASH_ROUNDS'] ?? 1);
/** The beginning of the names of those to try; all unless given. */
const only = process.env['CRASH_AT'] ?? '';
const maxPasses = 3;
const maxRuns = 6;

const seed = chooseSeed();
const random = seededRandom(seed);

describe(`a process that dies at a crash point is made up for (FAULT_SEED=${seed})`, { concurrency }, () => {
  let world: World;
  before(async () => {
    world = await openWorld('crash-points');
  });
  after(async () => {
    process.stderr.write(`${world.deaths()} processes died\n`);
    await world.close();
  });

  for (let round = 0; round < rounds; round += 1) {
    for (const name of crashPointsInSource().filter((candidate) => candidate.startsWith(only))) {
      const passes = round === 0 ? 0 : Math.floor(random() * maxPasses);
      it(`${name}, after ${passes} passed it (round ${round + 1})`, async () => {
        world.points.arm(name, passes);
        try {
          // A death elsewhere may take the way past the point away: whoever tries again finds it done.
          for (let run = 0; run < maxRuns && (run === 0 || !world.points.hasFired(name)); run += 1) {
            await scenarioFor(name)(world, await world.signUp(), `${name}-${round}-${run}-${seed}`);
          }
          assert.ok(world.points.hasFired(name) || passes > 0, 'nobody came to this point');
        } finally {
          world.points.disarm(name);
        }
      });
    }
  }
});
