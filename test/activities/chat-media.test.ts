import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRequestMedia } from '../../src/activities/chat-media.ts';
import type { DownloadRequest } from '../../src/adapters/http/download.ts';
import { parseConfig } from '../../src/config.ts';
import type { MessagePart } from '../../src/core/chat.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { buildChatRequest } from '../helpers/chat-request.ts';
import { buildProvider } from '../helpers/models.ts';

const { signal } = new AbortController();
const vllm = buildProvider({ vendor: 'vllm', url: 'http://10.0.0.7:8000/' });
const openai = buildProvider({ vendor: 'openai', url: null });

function naming(count: number) {
  const parts = Array.from({ length: count }, (_, index): MessagePart => {
    return { type: 'image', source: { kind: 'url', url: `https://a.example/${index}` }, detail: null };
  });
  return buildChatRequest({ messages: [{ role: 'user', name: null, parts }] });
}

/** Pictures of `bytes` each, of requests that may name so many. */
function useMedia(count: number, limits: { maxDownloads?: number; maxDownloadBytes?: number } = {}, bytes = 10) {
  const asked: DownloadRequest[] = [];
  const request = naming(count);
  const outbound = {
    async download(wanted: DownloadRequest) {
      asked.push(wanted);
      return { mediaType: 'image/png', bytes: Buffer.alloc(bytes) };
    },
  };
  const media = createRequestMedia({ outbound, config: parseConfig({ outbound: limits }) }, request);
  return { asked, media, fetchFor: (provider = vllm) => media.fetchInto(request, provider, signal) };
}

const isRefused = (error: unknown) => error instanceof GatewayError && error.code === 'invalid_request';

describe('the pictures of a request', () => {
  it('are fetched for a provider that does not do it, in the place of their addresses', async () => {
    const { media, fetchFor, asked } = useMedia(2);
    assert.equal(media.isNeededFor(vllm), true);
    const { messages } = await fetchFor();
    const data = Buffer.alloc(10).toString('base64');
    for (const part of messages[0]?.parts ?? []) {
      assert.deepEqual(part, { type: 'image', source: { kind: 'data', mediaType: 'image/png', data }, detail: null });
    }
    assert.deepEqual(asked.map(({ param }) => param).toSorted(), ['messages[0].content[0]', 'messages[0].content[1]']);
  });

  it('are left to a vendor that does', async () => {
    const { media } = useMedia(1);
    assert.equal(media.isNeededFor(openai), false);
    assert.equal(useMedia(0).media.isNeededFor(vllm), false);
  });

  it('are fetched once, however many providers are asked', async () => {
    const { fetchFor, asked } = useMedia(3);
    await fetchFor();
    await fetchFor();
    assert.equal(asked.length, 3);
  });

  it('are as many as the configuration allows', async () => {
    await useMedia(3, { maxDownloads: 3 }).fetchFor();
    const tooMany = useMedia(4, { maxDownloads: 3 });
    await assert.rejects(tooMany.fetchFor(), isRefused);
    assert.equal(tooMany.asked.length, 0);
  });

  it('are together as large as the configuration allows', async () => {
    await useMedia(8, { maxDownloadBytes: 80 }).fetchFor();
    await assert.rejects(useMedia(8, { maxDownloadBytes: 79 }).fetchFor(), isRefused);
  });
});
