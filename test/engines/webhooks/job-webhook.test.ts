import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import OpenAI from 'openai';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import type { PresentedJob } from '../../helpers/jobs.ts';
import { offerModel } from '../../helpers/offered-model.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { startWebhookReceiver, verifyWebhook, type WebhookReceiver } from '../../helpers/webhook-receiver.ts';
import type { PresentedDelivery, PresentedEndpoint, PresentedList } from '../../helpers/webhooks.ts';
import { speaksOpenAi } from '../../helpers/wire/openai.ts';

const model = 'speaker';
const chat = { model, messages: [{ role: 'user', content: 'Hello' }] };
const path = '/v1/chat/completions';
const endOfJob = ['job.completed', 'job.failed', 'job.cancelled', 'job.expired', 'response.*', 'batch.*'];

describe('the webhook of a job', () => {
  let app: TestApp;
  let upstream: FakeUpstream;
  let receiver: WebhookReceiver;
  let caller: TestCaller;
  let url: string;

  before(async () => {
    upstream = await startFakeUpstream(speaksOpenAi());
    receiver = await startWebhookReceiver();
    url = receiver.urlOf('hook');
    app = await startTestApp({ workers: true, config: { webhooks: { allowHttp: true } } });
    await offerModel(app, { name: model, url: upstream.url });
  });
  after(async () => {
    await app.stop();
    await upstream.close();
    await receiver.close();
  });
  beforeEach(async () => {
    receiver.reset();
    upstream.reset();
    caller = await app.signUp();
  });

  const submit = (webhook: unknown, headers: Record<string, string> = {}) =>
    caller.json<PresentedJob>('POST', '/v1/jobs', { body: { endpoint: path, body: chat, webhook }, headers });
  const read = (id: string) => caller.json<PresentedJob>('GET', `/v1/jobs/${id}`);

  async function told(count: number) {
    await waitFor(`${count} messages`, () => receiver.messages('hook').length >= count);
    return receiver.messages('hook');
  }

  it('is told of the end, signed with the default secret of the account, and the job says so', async () => {
    const { secret } = await caller.json<{ secret: string }>('POST', '/v1/webhooks/secret/rotate');
    const job = await submit(url);
    assert.deepEqual(
      { ...job.webhook, status: '', attempts: 0 },
      { url, events: endOfJob, payload: 'thin', status: '', attempts: 0 },
    );
    const [message] = await told(1);
    assert.ok(message);
    verifyWebhook(message, secret);
    assert.deepEqual([message.type, message.data['id'], message.data['result']], ['job.completed', job.id, undefined]);
    await waitFor('the job to say so', async () => (await read(job.id)).webhook?.status === 'delivered');
    assert.equal((await read(job.id)).webhook?.attempts, 1);
  });

  it('is told of what it asks for, and brought the result when it wants that', async () => {
    const events = ['job.started', 'job.completed'];
    const { id } = await submit({ url, events, payload: 'full' });
    const messages = await told(2);
    assert.deepEqual(messages.map(({ type }) => type).toSorted(), events.toSorted());
    const end = messages.find(({ type }) => type === 'job.completed');
    const { result } = await read(id);
    assert.deepEqual(end?.data['result'], result);
  });

  it('goes with any call that runs as a job, as a header', async () => {
    const headers = { prefer: 'respond-async', 'webhook-url': url };
    const job = await caller.json<PresentedJob>('POST', path, { body: chat, headers });
    assert.equal(job.webhook?.url, url);
    const [message] = await told(1);
    assert.equal(message?.data['id'], job.id);
  });

  it('goes with a response in the background, and is told of its end in the words of both', async () => {
    const { secret } = await caller.json<{ secret: string }>('POST', '/v1/webhooks/secret/rotate');
    const client = new OpenAI({ apiKey: caller.key, baseURL: `${app.url}/v1`, webhookSecret: secret });
    const response = await client.responses.create(
      { model, input: 'Hello', background: true },
      { headers: { 'webhook-url': url } },
    );
    const messages = await told(2);
    assert.deepEqual(messages.map(({ type }) => type).toSorted(), ['job.completed', 'response.completed']);
    const theirs = messages.find(({ type }) => type === 'response.completed');
    const event = await client.webhooks.unwrap(theirs?.text ?? '', theirs?.headers ?? {});
    assert.equal(event.type, 'response.completed');
    assert.deepEqual(event.data, { id: response.id });
  });

  it('is told of the end in the words of the door alone when it asks for those', async () => {
    const endpoint = await caller.json<PresentedEndpoint>('POST', '/v1/webhooks/endpoints', {
      body: { url: receiver.urlOf('response'), events: ['response.*'], payload: 'full' },
    });
    const client = new OpenAI({ apiKey: caller.key, baseURL: `${app.url}/v1`, webhookSecret: endpoint.secret ?? '' });
    const response = await client.responses.create({ model, input: 'Hello', background: true });
    await waitFor('the event of the response', () => receiver.messages('response').length === 1);
    const [message] = receiver.messages('response');
    assert.ok(message);
    assert.equal(message.type, 'response.completed');
    const { body } = message.data['result'] as { body: OpenAI.Responses.Response };
    assert.deepEqual([body.id, body.status], [response.id, 'completed']);
  });

  it('is kept by the retry of the job', async () => {
    const job = await submit({ url, events: ['job.completed'] });
    await told(1);
    const again = await caller.json<PresentedJob>('POST', `/v1/jobs/${job.id}/retry`);
    assert.deepEqual(
      { ...again.webhook, status: '', attempts: 0 },
      { url, events: ['job.completed'], payload: 'thin', status: '', attempts: 0 },
    );
    const messages = await told(2);
    assert.deepEqual(
      messages.map(({ data }) => data['id']),
      [job.id, again.id],
    );
  });

  it('is a part of what an idempotency key stands for', async () => {
    const key = { 'idempotency-key': 'once' };
    const { id } = await submit(url, key);
    assert.equal((await submit(url, key)).id, id);
    const body = { endpoint: path, body: chat, webhook: receiver.urlOf('other') };
    const other = await caller.request('POST', '/v1/jobs', { body, headers: key });
    assert.equal(other.status, 422);
    // Else it would arrive in the midst of the next test.
    await told(1);
  });

  it('is in the log of deliveries by its job', async () => {
    const { id } = await submit(url);
    await told(1);
    const { data } = await caller.json<PresentedList<PresentedDelivery>>('GET', `/v1/webhooks/deliveries?job_id=${id}`);
    assert.deepEqual(
      data.map(({ endpoint_id, job_id, event }) => [endpoint_id, job_id, event.type]),
      [[null, id, 'job.completed']],
    );
  });

  const refused: [name: string, path: string, body: object, headers: Record<string, string>, param: string][] = [
    ['inside', '/v1/jobs', { endpoint: path, body: chat, webhook: 'http://169.254.169.254/' }, {}, 'webhook'],
    ['inside, as a header', path, chat, { prefer: 'respond-async', 'webhook-url': 'http://10.0.0.1/' }, 'webhook'],
    ['of a call that is answered at once', path, chat, { 'webhook-url': 'https://example.com/' }, 'webhook-url'],
  ];
  for (const [name, target, body, headers, param] of refused) {
    it(`is refused by name when it is ${name}, and no job is made`, async () => {
      const response = await caller.request('POST', target, { body, headers });
      const { error } = (await response.json()) as { error: { param: string } };
      assert.deepEqual([response.status, error.param], [400, param]);
      assert.deepEqual((await caller.json<PresentedList<PresentedJob>>('GET', '/v1/jobs')).data, []);
      assert.deepEqual(upstream.ledger, []);
    });
  }
});
