import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Asked } from '../helpers/fake-upstream.ts';
import { holderOfConnection } from '../helpers/processes.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { chatCompletion } from '../helpers/wire/openai.ts';
import { type LoadCaller, signUp } from './torture/load/load.ts';
import { chatModel, openWorld, type World } from './torture/world.ts';

/** One attempt of its own, and ten times as many deaths of its worker: see `crashAllowance`. */
const maxDeaths = 10;
/** Each is noticed after ten seconds and tried again up to half a minute later. */
const endTimeoutMs = 900_000;
const neighbours = 10;

describe('a job that kills every worker that takes it up', () => {
  let world: World;
  let caller: LoadCaller;
  const deaths: number[] = [];

  before(async () => {
    world = await openWorld({ name: `poison-${process.pid}`, configuration: { jobs: { maxAttempts: 1 } } });
    [caller] = (await signUp(world, 1)) as [LoadCaller];
    world.provider.respond((asked) => {
      if (!asked.text.includes('poison')) return chatCompletion({ text: ['well'] });
      killWhoAsks(asked);
      return 'silence';
    });
  });
  after(() => world.close(false));

  function killWhoAsks({ clientPort }: Asked): void {
    const port = world.links['gateway-provider'].clientOf(clientPort);
    const pids = world.workers.flatMap((worker) => worker.pid() ?? []);
    const pid = port === undefined ? undefined : holderOfConnection(port, pids);
    if (pid === undefined) return;
    deaths.push(pid);
    void world.workers.find((worker) => worker.pid() === pid)?.kill();
  }

  async function submit(content: string): Promise<string> {
    const response = await fetch(`${world.directUrls[0]}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${caller.token}`,
        'content-type': 'application/json',
        prefer: 'respond-async',
      },
      body: JSON.stringify({ model: chatModel, messages: [{ role: 'user', content }] }),
    });
    assert.equal(response.status, 202, await response.clone().text());
    return ((await response.json()) as { id: string }).id;
  }

  async function read(id: string): Promise<{ status: string; error: { code: string } | null }> {
    const headers = { authorization: `Bearer ${caller.token}` };
    const response = await fetch(`${world.directUrls[1]}/v1/jobs/${id}`, { headers });
    return (await response.json()) as { status: string; error: { code: string } | null };
  }

  const hasEnded = async (id: string) => ['completed', 'failed'].includes((await read(id)).status);

  it('fails after a bounded number of deaths, while the jobs of others go on', async (t) => {
    const poison = await submit('poison');
    await waitFor('the first death', () => deaths.length > 0, endTimeoutMs);
    const others: string[] = [];
    for (let count = 0; count < neighbours; count += 1) {
      others.push(await submit(`neighbour ${count}`));
      await delay(1_000);
    }
    await waitFor(
      'the neighbours',
      async () => (await Promise.all(others.map(hasEnded))).every((ended) => ended),
      endTimeoutMs,
    );
    const statuses = await Promise.all(others.map(async (id) => (await read(id)).status));
    assert.deepEqual(new Set(statuses), new Set(['completed']));

    await waitFor('the end of the poison', () => hasEnded(poison), endTimeoutMs);
    const { status, error } = await read(poison);
    t.diagnostic(`${deaths.length} workers died`);
    assert.equal(status, 'failed');
    assert.equal(error?.code, 'internal_error');
    assert.ok(deaths.length <= maxDeaths, `${deaths.length} workers died`);
    await world.ready(120_000);
    const last = await submit('the last');
    await waitFor('a job after all that', () => hasEnded(last), 120_000);
  });
});
