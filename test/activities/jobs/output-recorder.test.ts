import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Lifecycle } from '../../../src/activities/jobs/lifecycle.ts';
import { createOutputRecorder } from '../../../src/activities/jobs/output-recorder.ts';
import type { StreamForm } from '../../../src/core/endpoint.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const form: StreamForm = {
  when: () => true,
  writer: 'sse',
  initial: () => null,
  next: (state: unknown, part: unknown) => [state, [{ data: part }]],
  end: () => [{ data: 'end' }],
  failed: () => [],
};

/** A recorder, what has reached the log, and which of the writes fails. */
function record(failing: number | null = null) {
  const log: unknown[] = [];
  let writes = 0;
  const report: Lifecycle['report'] = async (_run, events) => {
    writes += 1;
    if (writes === failing) throw new Error('away');
    for (const { data } of events) {
      const line = data as { events: { data: unknown }[] };
      log.push(...line.events.map((event) => event.data));
    }
  };
  const run = { ownerId: 1, jobId: 'job_1', run: 1 };
  const recorder = createOutputRecorder({ report } as Lifecycle, run, form, null);
  return { recorder, log, writes: () => writes };
}

describe('the output of a streamed job', () => {
  it('is in the log, in order and with its end, when the stream has ended', async () => {
    const { recorder, log, writes } = record();
    recorder.part('a');
    recorder.part('b');
    await waitFor('the first line', () => writes() === 1);
    recorder.part('c');
    await recorder.end();
    assert.deepEqual(log, ['a', 'b', 'c', 'end']);
  });

  it('is not taken for whole when a line of it could not be written, and nothing is written behind it', async () => {
    const { recorder, log, writes } = record(2);
    recorder.part('a');
    await waitFor('the first line', () => writes() === 1);
    recorder.part('lost');
    await waitFor('the second', () => writes() === 2);
    await assert.rejects(recorder.end(), /away/);
    assert.deepEqual(log, ['a']);
  });

  it('takes no more once a line could not be written: a model need not go on for nobody', async () => {
    const { recorder } = record(1);
    recorder.part('lost');
    await waitFor('the failure', () => {
      try {
        recorder.part('b');
        return false;
      } catch (error) {
        return /away/.test(String(error));
      }
    });
  });
});
