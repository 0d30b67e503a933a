import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import OpenAI, { toFile } from 'openai';
import { system } from '../../../src/core/access.ts';
import type { UploadPurpose } from '../../../src/core/file.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { buildCall } from '../../helpers/calls.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import type { PresentedJob } from '../../helpers/jobs.ts';
import { offerModel } from '../../helpers/offered-model.ts';
import { speaksOpenAi } from '../../helpers/wire/openai.ts';

const model = 'reader';
const pdf = Buffer.from('%PDF-1.7 the words of the plan');
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('pixels')]);
const pdfUrl = `data:application/pdf;base64,${pdf.toString('base64')}`;
const pngUrl = `data:image/png;base64,${png.toString('base64')}`;
const limits = { maxInputBytes: 1_000, maxInputFiles: 3 };

describe('stored files in calls on models', () => {
  let app: TestApp;
  let upstream: FakeUpstream;
  let caller: TestCaller;
  let client: OpenAI;

  before(async () => {
    upstream = await startFakeUpstream(speaksOpenAi());
    app = await startTestApp({ config: { files: limits } });
    await offerModel(app, { name: model, url: upstream.url });
    caller = await app.signUp();
    client = clientOf(caller);
  });
  after(async () => {
    await app.stop();
    await upstream.close();
  });
  beforeEach(() => upstream.reset());

  function clientOf({ key }: TestCaller): OpenAI {
    return new OpenAI({ apiKey: key, baseURL: `${app.url}/v1`, maxRetries: 0 });
  }

  async function upload(content: Buffer, name: string, purpose: UploadPurpose = 'user_data'): Promise<string> {
    return (await client.files.create({ file: await toFile(content, name), purpose })).id;
  }

  function chatWith(...ids: string[]) {
    const parts = ids.map((file_id) => ({ type: 'file' as const, file: { file_id } }));
    const content = [{ type: 'text' as const, text: 'What is planned?' }, ...parts];
    return { model, messages: [{ role: 'user' as const, content }] };
  }

  function respondWith(file_id: string) {
    const content = [{ type: 'input_file' as const, file_id }];
    return { model, input: [{ role: 'user' as const, content }] };
  }

  /** What the model was shown in its last message, and nothing of ours is in it. */
  function shown(): unknown {
    const asked = upstream.ledger.at(-1);
    assert.ok(asked, 'the model was not asked');
    assert.equal(asked.path, '/v1/chat/completions');
    assert.doesNotMatch(asked.text, /file-/);
    return (asked.json as { messages: { content: unknown }[] }).messages.at(-1)?.content;
  }

  it('reach the model of a chat as their bytes, under their names', async () => {
    const answer = await client.chat.completions.create(chatWith(await upload(pdf, 'plan.pdf')));
    assert.equal(answer.choices[0]?.message.content, 'Hello there.');
    assert.deepEqual(shown(), [
      { type: 'text', text: 'What is planned?' },
      { type: 'file', file: { filename: 'plan.pdf', file_data: pdfUrl } },
    ]);
  });

  it('reach the model of a stream and of several answers', async () => {
    const body = chatWith(await upload(pdf, 'plan.pdf'));
    for await (const _chunk of await client.chat.completions.create({ ...body, stream: true, n: 2 }));
    assert.match(JSON.stringify(shown()), new RegExp(pdf.toString('base64')));
  });

  it('reach the model of a response that is not stored, which would otherwise be passed on as it is', async () => {
    await client.responses.create({ ...respondWith(await upload(pdf, 'plan.pdf')), store: false });
    assert.deepEqual(shown(), [{ type: 'file', file: { filename: 'plan.pdf', file_data: pdfUrl } }]);
  });

  it('are pictures where a picture is asked for, whatever they are called', async () => {
    const file_id = await upload(png, 'picture', 'vision');
    const content = [{ type: 'input_image' as const, file_id, detail: 'low' as const }];
    await client.responses.create({ model, input: [{ role: 'user', content }] });
    assert.deepEqual(shown(), [{ type: 'image_url', image_url: { url: pngUrl, detail: 'low' } }]);

    const notOne = [{ type: 'input_image' as const, file_id: await upload(pdf, 'a.png'), detail: 'low' as const }];
    await assert.rejects(client.responses.create({ model, input: [{ role: 'user', content: notOne }] }), {
      status: 400,
      param: 'input[0].content[0].file_id',
      message: /is application\/pdf/,
    });
  });

  it('are kept by their ids, and shown again to whoever goes on', async () => {
    const file_id = await upload(pdf, 'plan.pdf');
    const first = await client.responses.create(respondWith(file_id));
    await client.responses.create({ model, input: 'And then?', previous_response_id: first.id });
    assert.match(upstream.ledger.at(-1)?.text ?? '', new RegExp(pdf.toString('base64')));
    const [item] = (await client.responses.inputItems.list(first.id)).data;
    assert.deepEqual(item && 'content' in item && item.content, [{ type: 'input_file', file_id }]);

    const wrong = { ...respondWith('file-none'), previous_response_id: first.id };
    await assert.rejects(client.responses.create(wrong), { status: 404, param: 'input[0].content[0].file_id' });

    await client.files.delete(file_id);
    await assert.rejects(client.responses.create({ model, input: 'What?', previous_response_id: first.id }), {
      status: 404,
      param: 'context[0].content[0].file_id',
      message: new RegExp(`No such File object: ${file_id}`),
    });
  });

  it('are named by their ids in a stored completion', async () => {
    const file_id = await upload(pdf, 'plan.pdf');
    const { id } = await client.chat.completions.create({ ...chatWith(file_id), store: true });
    const [message] = (await client.chat.completions.messages.list(id)).data;
    assert.deepEqual(message?.content_parts?.at(-1), { type: 'file', file: { file_id } });
  });

  it("are not there when they are somebody else's, deleted or invented", async () => {
    const deleted = await upload(pdf, 'plan.pdf');
    await client.files.delete(deleted);
    const stranger = clientOf(await app.signUp());
    const mine = await upload(pdf, 'plan.pdf');
    for (const [who, id] of [
      [stranger, mine],
      [client, deleted],
      [client, 'file-none'],
    ] as const) {
      const error = { status: 404, code: 'not_found', message: new RegExp(`No such File object: ${id}`) };
      await assert.rejects(who.chat.completions.create(chatWith(id)), {
        ...error,
        param: 'messages[0].content[1].file.file_id',
      });
      await assert.rejects(who.responses.create(respondWith(id)), { ...error, param: 'input[0].content[0].file_id' });
    }
    assert.deepEqual(upstream.ledger, []);
  });

  it('that are lines for machines are not shown to models', async () => {
    for (const purpose of ['batch', 'evals', 'fine-tune'] as const) {
      const id = await upload(Buffer.from('{}\n'), 'lines.jsonl', purpose);
      await assert.rejects(client.chat.completions.create(chatWith(id)), {
        status: 400,
        code: 'invalid_request',
        param: 'messages[0].content[1].file.file_id',
        message: new RegExp(`has the purpose ${purpose}`),
      });
    }
    assert.deepEqual(upstream.ledger, []);
  });

  it('are shown up to the limits and not beyond, each mention counted', async () => {
    const half = await upload(Buffer.alloc(limits.maxInputBytes / 2, 'a'), 'half.txt');
    await client.chat.completions.create(chatWith(half, half));
    const one = await upload(Buffer.from('a'), 'one.txt');
    await assert.rejects(client.chat.completions.create(chatWith(half, half, one)), {
      status: 413,
      code: 'body_too_large',
      param: 'messages[0].content[3].file.file_id',
    });
    await client.chat.completions.create(chatWith(one, one, one));
    await assert.rejects(client.chat.completions.create(chatWith(one, one, one, one)), {
      status: 400,
      code: 'invalid_request',
      param: 'messages[0].content[4].file.file_id',
    });
  });

  describe('as jobs', () => {
    async function submit(path: string, body: unknown): Promise<Response> {
      return caller.request('POST', path, { body, headers: { prefer: 'respond-async' } });
    }

    const run = (jobId: string) =>
      app.verbs.runCall({ jobId, ownerId: caller.userId }, buildCall({ principal: system }));

    it('are written down by their ids, and read when the job runs', async () => {
      const file_id = await upload(pdf, 'plan.pdf');
      for (const [path, body] of [
        ['/v1/chat/completions', chatWith(file_id)],
        ['/v1/responses', respondWith(file_id)],
      ] as const) {
        const { id } = (await (await submit(path, body)).json()) as PresentedJob;
        const job = await app.deps.jobs.find(caller.userId, id);
        const request = JSON.stringify(job?.request);
        assert.match(request, new RegExp(file_id));
        assert.doesNotMatch(request, new RegExp(pdf.toString('base64')));
        await run(id);
        assert.match(JSON.stringify(shown()), new RegExp(pdf.toString('base64')));
        assert.equal((await app.deps.jobs.find(caller.userId, id))?.status, 'completed');
      }
    });

    it('that are not there are refused before a job is made', async () => {
      const before = await jobsOf(caller);
      for (const [path, body, param] of [
        ['/v1/chat/completions', chatWith('file-none'), 'messages[0].content[1].file.file_id'],
        ['/v1/responses', respondWith('file-none'), 'input[0].content[0].file_id'],
      ] as const) {
        const response = await submit(path, body);
        const { error } = (await response.json()) as { error: { code: string; param: string } };
        assert.deepEqual([response.status, error.code, error.param], [404, 'not_found', param]);
      }
      assert.equal(await jobsOf(caller), before);
    });

    it('that were deleted before the job ran are said to be missing, and the job is not tried again for it', async () => {
      const file_id = await upload(pdf, 'plan.pdf');
      const { id } = (await (await submit('/v1/chat/completions', chatWith(file_id))).json()) as PresentedJob;
      await client.files.delete(file_id);
      await assert.rejects(run(id), { code: 'not_found', param: 'messages[0].content[1].file.file_id' });
      const { lastError } = (await app.deps.jobs.find(caller.userId, id)) ?? {};
      assert.deepEqual(lastError, {
        code: 'not_found',
        message: `No such File object: ${file_id}`,
        param: 'messages[0].content[1].file.file_id',
        retryable: false,
      });
    });
  });

  async function jobsOf(owner: TestCaller): Promise<number> {
    return (await owner.json<{ data: unknown[] }>('GET', '/v1/jobs?limit=100')).data.length;
  }
});
