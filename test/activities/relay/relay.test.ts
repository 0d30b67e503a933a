import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canRelay, relay } from '../../../src/activities/relay/relay.ts';
import type { WireRequest } from '../../../src/core/chat.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { isWirePart } from '../../../src/core/invoke.ts';
import { patience, useVendor } from '../../conformance/provider/setup.ts';
import type { Answer } from '../../helpers/fake-upstream.ts';
import { buildProvider } from '../../helpers/models.ts';
import { chatStream, completion, response } from '../../helpers/wire/openai.ts';

const said = { text: ['Hel', 'lo'] };
const streams = {
  'openai-chat': chatStream(said),
  'openai-completions': completion(said, true),
  'openai-responses': response(said, true),
};

describe('a relayed stream', () => {
  const { vendor, upstream, targetOf } = useVendor('openai');

  function isRelayed(dialect: WireRequest['dialect'], url: string | null): boolean {
    const target = { ...targetOf('gpt-test'), url };
    const ignore = () => undefined;
    const call = { target, signal: patience(), timeoutMs: 60_000, onUpstreamId: ignore, onIgnored: ignore };
    const provider = buildProvider({ vendor: 'openai' });
    const wire = { dialect, bytes: Buffer.from('{}'), stream: true, hidesUsage: false };
    return canRelay({ ...call, provider, vendor, origin: 'openai' }, wire);
  }

  it('is one of a dialect that the deployment takes', () => {
    assert.deepEqual([isRelayed('openai-chat', null), isRelayed('openai-completions', null)], [true, false]);
    assert.equal(isRelayed('openai-completions', 'http://llama.example/'), true);
  });

  /** What the caller gets of a stream, and how often the call was said to be complete. */
  async function read(
    dialect: WireRequest['dialect'],
    answer: Answer,
    onHeard: () => void = () => undefined,
    onCounted: (count: number) => void = () => undefined,
  ) {
    upstream().next(answer);
    const chosen = {
      provider: buildProvider({ vendor: 'openai' }),
      vendor,
      target: targetOf('gpt-test'),
      origin: 'openai',
      signal: patience(),
      timeoutMs: 60_000,
      onUpstreamId: () => undefined,
      onIgnored: () => undefined,
    };
    const wire = { dialect, bytes: Buffer.from('{"model":"m"}'), stream: true, hidesUsage: false };
    assert.ok(canRelay(chosen, wire));
    let ends = 0;
    let frames = 0;
    let text = '';
    const ignore = () => undefined;
    const onEnd = () => {
      ends += 1;
    };
    const onFrames = (count: number) => {
      frames += count;
      onCounted(count);
    };
    const hooks = { onUsage: ignore, onFrames, onText: ignore, onEnd };
    try {
      const translate = () => assert.fail('it was translated');
      for await (const part of relay(chosen, wire, 'gpt-test', hooks, translate)) {
        assert.ok(isWirePart(part));
        text += Buffer.from(part.bytes).toString();
        onHeard();
      }
    } catch (thrown) {
      if (text === '') throw thrown;
      return { text, ends, frames, failure: thrown };
    }
    return { text, ends, frames, failure: null };
  }

  for (const [dialect, answer] of [
    ['openai-chat', chatStream(said)],
    ['openai-responses', response(said, true)],
  ] as const) {
    it(`of ${dialect} ends with its last frame, whether its connection does or not`, async () => {
      const { text, ends } = await read(dialect, { ...answer, ending: 'hang' });
      assert.equal(text, (answer.body ?? []).join(''));
      assert.equal(ends, 1);
    });
  }

  it('that begins with a failure is what the failure means', async () => {
    const frame = 'data: { "error": {"code":"rate_limit_exceeded","message":"Later."}}\n\n';
    await assert.rejects(read('openai-chat', { ...chatStream(said), body: [frame] }), { code: 'rate_limit_exceeded' });
  });

  it('that begins with comments has not begun: a failure behind them leaves another provider the chance', async () => {
    const failed = 'data: {"error":{"code":"rate_limit_exceeded","message":"Later."}}\n\n';
    const body = [': PROCESSING\n\n', { afterMs: 50 }, ': PROCESSING\r\n\r\nevent: ping\n\n', { afterMs: 50 }, failed];
    await assert.rejects(read('openai-chat', { ...chatStream(said), body }), { code: 'rate_limit_exceeded' });
  });

  it('is told without the comments in it, and they are not counted', async () => {
    const { body = [], ...head } = chatStream(said);
    const { text, frames } = await read('openai-chat', { ...head, body: body.flatMap((frame) => [': x\n\n', frame]) });
    assert.equal(text, body.join(''));
    assert.equal(frames, text.split('\n\n').length - 1);
  });

  it('of a failed response is no success', async () => {
    const event = { type: 'response.failed', response: { error: { code: 'server_error', message: 'Oh.' } } };
    const body = [`event: response.failed\ndata: ${JSON.stringify(event)}\n\n`];
    await assert.rejects(read('openai-responses', { ...response(said, true), body }), { code: 'upstream_error' });
  });

  it('of a response that fails later is told up to there, and is no success', async () => {
    const [created = '', ...rest] = response(said, true).body ?? [];
    const begun = rest.slice(0, 4).join('');
    const event = { type: 'response.failed', response: { error: { code: 'server_error', message: 'Oh.' } } };
    const failed = `event: response.failed\ndata: ${JSON.stringify(event)}\n\n`;
    const heard = Promise.withResolvers<void>();
    const body = [created + begun, { until: heard.promise }, failed];
    const answer = { ...response(said, true), body };
    const { text, ends, failure } = await read('openai-responses', answer, heard.resolve);
    assert.equal(text, created + begun);
    assert.equal(ends, 0);
    assert.ok(failure instanceof GatewayError && failure.code === 'upstream_error');
  });

  const secret = { code: 'server_error', message: 'org-Secret1 failed at worker.py:12 with sk-upstream' };
  const bare = { type: 'error', ...secret };
  const wrapped = { type: 'response.failed', response: { id: 'resp_upstream', model: 'gpt-test', error: secret } };
  for (const [dialect, what, frame] of [
    ['openai-chat', 'an error', { error: secret }],
    ['openai-chat', 'an error beside choices', { choices: [{ index: 0, finish_reason: 'error' }], error: secret }],
    ['openai-completions', 'an error', { error: secret }],
    ['openai-responses', 'an error', bare],
    ['openai-responses', 'a wrapped error', { type: 'error', error: secret }],
    ['openai-responses', 'a failed response', wrapped],
  ] as const) {
    it(`of ${dialect} tells nothing of what its upstream says in ${what} in the middle`, async () => {
      const { body = [], ...head } = streams[dialect];
      const heard = Promise.withResolvers<void>();
      const failed = `data: ${JSON.stringify(frame)}\n\n`;
      const answer = { ...head, body: [body.slice(0, -2).join(''), { until: heard.promise }, failed] };
      const { text, failure } = await read(dialect, answer, heard.resolve);
      assert.equal(text, body.slice(0, -2).join(''));
      assert.ok(failure instanceof GatewayError);
      assert.deepEqual([failure.code, failure.publicMessage], ['upstream_error', "The model's provider failed."]);
    });
  }

  for (const [what, event] of [
    ['an error', bare],
    ['a failed response', wrapped],
  ] as const) {
    it(`of a response that is announced and then ${what} has told nothing: another provider has the chance`, async () => {
      const [created = '', inProgress = ''] = response(said, true).body ?? [];
      const failed = `data: ${JSON.stringify(event)}\n\n`;
      const body = [created, { afterMs: 20 }, inProgress, { afterMs: 20 }, failed];
      await assert.rejects(read('openai-responses', { ...response(said, true), body }), { code: 'upstream_error' });
    });
  }

  it('of a response that is announced is not measured as begun', async () => {
    const [created = '', ...rest] = response(said, true).body ?? [];
    const counts: number[] = [];
    const onCounted = (count: number) => counts.push(count);
    const body = [created, { afterMs: 20 }, rest.join('')];
    await read('openai-responses', { ...response(said, true), body }, undefined, onCounted);
    assert.deepEqual(counts, [rest.length + 1]);
  });

  it('of a response that fails with its first words leaves another provider the chance', async () => {
    const created = (response(said, true).body ?? [])[0];
    const failed = 'event: error\ndata: {"type":"error","code":"server_error","message":"Oh."}\n\n';
    const body = [`${created}${failed}`];
    await assert.rejects(read('openai-responses', { ...response(said, true), body }), { code: 'upstream_error' });
  });
});
