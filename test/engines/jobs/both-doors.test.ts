import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Vendor } from '../../../src/adapters/providers/vendor.ts';
import type { ChatPart } from '../../../src/core/chat/parts.ts';
import { type ErrorCode, GatewayError } from '../../../src/core/errors.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { offerModel } from '../../helpers/offered-model.ts';
import { projectPath } from '../../helpers/project.ts';

interface GoldenCase {
  name: string;
  /** Its own: what one case lets fail is held against the model, and is no business of the next. */
  model: string;
  path: string;
  body: Record<string, unknown>;
  parts: readonly (ChatPart | { type: 'error'; code: ErrorCode; message: string })[];
}

/** The golden cases of a dialect, as requests and what a model says to them. */
function goldenCases(dialect: 'openai' | 'openai-responses'): GoldenCase[] {
  const folder = projectPath(`test/golden/${dialect}`);
  return readdirSync(folder).map((name) => {
    const read = (file: string) => {
      const path = join(folder, name, file);
      return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
    };
    const model = `${dialect}-${name}`;
    const of = (body: { model?: string }) => (body.model === 'm' ? { ...body, model } : body);
    const parts = read('parts.json');
    if (dialect === 'openai-responses') {
      return { name, model, path: '/v1/responses', body: of(read('request.json')), parts: parts.parts ?? [] };
    }
    const { operation = 'POST /v1/chat/completions', body } = read('request.json');
    return { name, model, path: operation.split(' ')[1], body: of(body), parts };
  });
}

/** What two answers of the same request may differ in. */
function withoutIdsAndTimes(text: string): string {
  return text
    .replace(/"(id|item_id|call_id|request_id|previous_response_id)":"[^"]*"/g, '"$1":"…"')
    .replace(/"(created|created_at|completed_at)":\d+(\.\d+)?/g, '"$1":0');
}

describe('a call through both doors', () => {
  const cases = [...goldenCases('openai'), ...goldenCases('openai-responses')];
  let app: TestApp;
  let caller: TestCaller;
  let saying: GoldenCase['parts'] = [];
  const vendor: Vendor = {
    async *generate() {
      for (const part of saying) {
        if (part.type === 'error') throw new GatewayError(part.code, part.message);
        if (part.type !== 'search' && (!('choice' in part) || part.choice === 0)) yield part;
      }
    },
    close: async () => undefined,
  };
  before(async () => {
    app = await startTestApp({ workers: true, config: { jobs: { maxAttempts: 1 } } });
    app.deps.vendors.get = () => vendor;
    // What is estimated is estimated in one way from the first call on.
    await app.deps.tokens.ready();
    for (const { model } of cases) await offerModel(app, { name: model, url: 'http://127.0.0.1:1/' });
    caller = await app.signUp();
  });
  after(() => app.stop());

  async function send({ path }: GoldenCase, body: object, headers: Record<string, string> = {}) {
    const response = await caller.request('POST', path, { body, headers });
    const text = await response.text();
    return { status: response.status, text: withoutIdsAndTimes(text), jobId: response.headers.get('x-job-id') };
  }

  for (const golden of cases) {
    const { stream: _stream, stream_options: _options, background: _background, ...body } = golden.body;

    it(`${golden.name}: the job's answer is the call's`, async () => {
      saying = golden.parts;
      const inline = await send(golden, body);
      const job = await send(golden, body, { prefer: 'respond-async, wait=20' });
      assert.deepEqual([job.status, job.text], [inline.status, inline.text]);
    });

    const isWhole = golden.parts.some(({ type }) => type === 'finish') && golden.parts.at(-1)?.type !== 'error';
    if (!isWhole) continue;
    it(`${golden.name}: the job's events are the stream's`, async () => {
      saying = golden.parts;
      const inline = await send(golden, { ...golden.body, background: undefined, stream: true });
      const job = await send(
        golden,
        { ...golden.body, background: undefined, stream: true },
        {
          prefer: 'respond-async, wait=20',
        },
      );
      assert.equal(job.status, inline.status);
      if (inline.status === 200) assert.equal(withoutIdsAndTimes(await eventsOf(job.jobId)), inline.text);
    });
  }

  /** The stream that a job has left in its log, put together again. */
  async function eventsOf(jobId: string | null): Promise<string> {
    const log = await (await caller.request('GET', `/v1/jobs/${jobId}/events`)).text();
    const outputs = log.split('\n\n').filter((frame) => /^event: job\.output$/m.test(frame));
    const events = outputs.flatMap((frame) => {
      const data = JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] ?? '');
      return data.events as { event?: string; data: unknown }[];
    });
    return events
      .map(({ event, data }) => {
        const text = typeof data === 'string' ? data : JSON.stringify(data);
        return `${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`;
      })
      .join('');
  }
});
