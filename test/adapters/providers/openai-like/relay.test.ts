import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RelayCall, Relayed } from '../../../../src/adapters/providers/vendor.ts';
import type { WireDialect } from '../../../../src/core/chat.ts';
import { GatewayError } from '../../../../src/core/errors.ts';
import { patience, secretKey, useVendor } from '../../../conformance/provider/setup.ts';
import { buildChatRequest } from '../../../helpers/chat-request.ts';
import type { Answer } from '../../../helpers/fake-upstream.ts';
import { waitFor } from '../../../helpers/wait-for.ts';
import { chatCompletion, chatStream, completion, failure, response } from '../../../helpers/wire/openai.ts';

const said = { text: ['Hel', 'lo'] };
const streams: Record<WireDialect, Answer> = {
  'openai-chat': chatStream(said),
  'openai-completions': completion(said, true),
  'openai-responses': response(said, true),
};
const paths: Record<WireDialect, string> = {
  'openai-chat': '/v1/chat/completions',
  'openai-completions': '/v1/completions',
  'openai-responses': '/v1/responses',
};

describe('a legacy completion', () => {
  const { vendor, targetOf } = useVendor('openai');
  const takes = (modelName: string, url: string | null) =>
    vendor.takes?.('openai-completions', { ...targetOf(modelName), url });

  it('is passed on to those models of OpenAI that take it', () => {
    for (const model of ['gpt-3.5-turbo-instruct', 'davinci-002', 'ft:babbage-002:me::1']) {
      assert.equal(takes(model, null), true);
    }
    for (const url of [null, 'https://api.openai.com/', 'https://api.openai.com/v1']) {
      assert.equal(takes('gpt-5-mini', url), false);
    }
    assert.equal(vendor.takes?.('openai-chat', { ...targetOf('gpt-5-mini'), url: null }), true);
  });

  it('is passed on to whoever else speaks as OpenAI', () => {
    assert.equal(takes('gpt-5-mini', 'http://llama.example/'), true);
  });
});

describe('a relayed request', () => {
  const { vendor, upstream, targetOf } = useVendor('openai', { idleTimeoutMs: 400 });

  function asked(changes: Partial<RelayCall> = {}) {
    assert.ok(vendor.relay);
    const bytes = Buffer.from('{"model": "gpt-test",  "unknown":1e2}');
    return vendor.relay({
      target: targetOf('gpt-test'),
      signal: patience(),
      dialect: 'openai-chat',
      stream: false,
      bytes,
      ...changes,
    });
  }

  async function relay(changes: Partial<RelayCall> = {}): Promise<Relayed> {
    const answer = await asked(changes);
    assert.ok('body' in answer);
    return answer;
  }

  async function read(body: AsyncIterable<Uint8Array>): Promise<string> {
    return Buffer.concat(await Array.fromAsync(body)).toString();
  }

  it('is passed on byte by byte, with the provider’s key', async () => {
    upstream().next(chatCompletion(said));
    await read((await relay()).body);
    assert.equal(upstream().ledger[0]?.text, '{"model": "gpt-test",  "unknown":1e2}');
    assert.equal(upstream().ledger[0]?.headers.authorization, `Bearer ${secretKey}`);
  });

  it('is answered byte by byte', async () => {
    const answer = chatCompletion(said);
    upstream().next(answer);
    const relayed = await relay();
    assert.equal(await read(relayed.body), answer.body?.join(''));
  });

  for (const [dialect, answer] of Object.entries(streams) as [WireDialect, Answer][]) {
    const whole = (answer.body ?? []).join('');

    it(`of ${dialect} is asked at its own path and streamed as it comes`, async () => {
      upstream().next(answer);
      const relayed = await relay({ dialect, stream: true });
      assert.equal(await read(relayed.body), whole);
      assert.equal(upstream().ledger[0]?.path, paths[dialect]);
    });
  }

  it('fails when its connection is cut', async () => {
    upstream().next({ ...streams['openai-chat'], body: ['data: {}\n\n'], ending: 'cut' });
    const { body } = await relay({ stream: true });
    await assert.rejects(read(body), (error) => error instanceof GatewayError && error.code === 'upstream_error');
  });

  it('fails when its answer stalls', async () => {
    upstream().next({ ...streams['openai-chat'], body: ['data: {}\n\n'], ending: 'hang' });
    const { body } = await relay({ stream: true });
    await assert.rejects(read(body), (error) => error instanceof GatewayError && error.code === 'upstream_timeout');
  });

  it('has the time of its provider in place of the product’s, before it is answered and while it is', async () => {
    const answer = { ...streams['openai-chat'], body: [{ afterMs: 600 }, 'data: {}\n\n', { afterMs: 600 }, 'x'] };
    upstream().next(answer);
    assert.equal(await read((await relay({ stream: true, timeoutMs: 20_000 })).body), 'data: {}\n\nx');
    upstream().next('silence');
    await assert.rejects(relay({ timeoutMs: 200 }), { code: 'upstream_timeout' });
    upstream().next({ ...streams['openai-chat'], body: ['data: {}\n\n'], ending: 'hang' });
    const { body } = await relay({ stream: true, timeoutMs: 200 });
    await assert.rejects(read(body), { code: 'upstream_timeout' });
  });

  it('fails with what the upstream’s status means', async () => {
    upstream().next(failure(429, 'Slow down.'));
    await assert.rejects(relay(), (error) => error instanceof GatewayError && error.code === 'rate_limit_exceeded');
  });

  it('that is told of the other operation is to be translated, and no such is passed on there any more', async () => {
    const only = 'This model is only supported in v1/responses and not in v1/chat/completions.';
    upstream().next(failure(404, only));
    const target = targetOf('gpt-elsewhere');
    assert.ok('generate' in (await asked({ target })));
    assert.equal(vendor.takes?.('openai-chat', target), false);
  });

  it('for a server without Responses is to be translated, and passed on no more', async () => {
    upstream().next(failure(404, 'Not Found'));
    const target = targetOf('gpt-chats');
    assert.ok('generate' in (await asked({ target, dialect: 'openai-responses' })));
    assert.equal(vendor.takes?.('openai-responses', target), false);
    assert.equal(vendor.takes?.('openai-chat', target), true);
  });

  for (const [status, told, isPassedOn] of [
    [404, "The model's provider failed.", true],
    [429, "The model's provider takes no more requests for now.", false],
    [400, "The model's provider refused the request: No.", false],
  ] as const) {
    it(`for a server without Responses fails as its chat does with ${status}`, async () => {
      upstream().next(failure(404, 'Not Found'), failure(status, 'No.'));
      const target = targetOf(`gpt-${status}`);
      const elsewhere = await asked({ target, dialect: 'openai-responses' });
      assert.ok('generate' in elsewhere);
      const parts = elsewhere.generate({ target, signal: patience(), request: buildChatRequest() });
      await assert.rejects(
        Array.fromAsync(parts),
        (error) => error instanceof GatewayError && error.publicMessage === told,
      );
      assert.equal(vendor.takes?.('openai-responses', target), isPassedOn);
    });
  }

  it('for a server without Responses fails as it did there where a chat has no words for it', async () => {
    upstream().next(failure(404, 'Not Found'));
    const target = targetOf('gpt-wordless');
    const elsewhere = await asked({ target, dialect: 'openai-responses' });
    assert.ok('generate' in elsewhere);
    const source = { kind: 'url', url: 'https://files.example/a.pdf' } as const;
    const parts = [{ type: 'file', source, name: null } as const];
    const request = buildChatRequest({ messages: [{ role: 'user', name: null, parts }] });
    const answer = elsewhere.generate({ target, signal: patience(), request });
    await assert.rejects(Array.fromAsync(answer), { code: 'upstream_error' });
    assert.equal(vendor.takes?.('openai-responses', target), false);
  });

  it('for Responses that names what is not there is refused', async () => {
    upstream().next(failure(404, "Item with id 'rs_1' not found.", { param: 'input' }));
    await assert.rejects(relay({ dialect: 'openai-responses' }), { code: 'upstream_rejected' });
  });

  it('that is refused in words of its own teaches nothing', async () => {
    const target = targetOf('gpt-here');
    upstream().next(failure(404, 'Not Found'), failure(400, 'Please use /v1/responses for this.'));
    await assert.rejects(relay({ target }), { code: 'upstream_error' });
    await assert.rejects(relay({ target }), { code: 'upstream_rejected' });
    assert.equal(vendor.takes?.('openai-chat', target), true);
  });

  it('fails for a page of a proxy', async () => {
    upstream().next({ headers: { 'content-type': 'text/html' }, body: ['<html>'] });
    await assert.rejects(relay(), (error) => error instanceof GatewayError && error.code === 'upstream_error');
  });

  for (const [stream, answer] of [
    [false, streams['openai-chat']],
    [true, chatCompletion(said)],
  ] as const) {
    it(`fails when it is ${stream ? '' : 'not '}for a stream and its answer is another`, async () => {
      upstream().next(answer);
      await assert.rejects(relay({ stream }), { code: 'upstream_error' });
    });
  }

  it('tells a failure in its answer as what it means', async () => {
    upstream().next(streams['openai-chat']);
    const { failureIn, release } = await relay({ stream: true });
    release();
    const failure = failureIn(`data: {"error":{"code":400,"message":"No ${secretKey}."}}\n\n`);
    assert.equal(failure?.code, 'upstream_rejected');
    assert.doesNotMatch(failure?.publicMessage ?? '', new RegExp(secretKey));
    assert.equal(failureIn('data: {"choices":[]}\n\n'), null);
  });

  it('has its socket closed when the caller leaves', async () => {
    upstream().next({ ...streams['openai-chat'], body: ['data: {}\n\n'], ending: 'hang' });
    const leaving = new AbortController();
    const { body } = await relay({ stream: true, signal: leaving.signal });
    const reading = read(body);
    leaving.abort();
    await assert.rejects(reading, (error) => error instanceof GatewayError && error.code === 'client_closed_request');
    await waitFor('the socket to be closed', () => upstream().ledger[0]?.abandonedAt !== null);
  });
});
