import { randomUUID } from 'node:crypto';
import { usageOf } from '../../../core/usage.ts';
import type { Http, HttpAnswer } from '../../http/client.ts';
import { assertContentType } from '../../http/content-type.ts';
import { parseJson, readJson } from '../../http/read-json.ts';
import { readSse } from '../../http/read-sse.ts';
import { assertSuccess } from '../../http/upstream-failure.ts';
import { addressOf } from '../address.ts';
import { isRecord } from '../records.ts';
import { customToolNames } from '../translation/custom-tools.ts';
import { readAnswer } from '../translation/read-answer.ts';
import type { EmbedCall, Embeddings, Target, Vendor, VendorCall } from '../vendor.ts';
import { GeminiAnswer } from './answer.ts';
import { fromEmbedAnswer, maxTextsPerBatch, toEmbedBody } from './embeddings.ts';
import { resourceName } from './models.ts';
import { toGenerateBody } from './request.ts';
import type { WireChunk } from './wire.ts';

/** Google's Gemini API. */
export function createGeminiVendor({ http }: { http: Http }): Vendor {
  /** `method` is what comes after the model's name; without a body the model is only looked at. */
  async function ask({ target, signal }: VendorCall, method: string, body: unknown = null): Promise<HttpAnswer> {
    const answer = await http.request({
      method: body === null ? 'GET' : 'POST',
      url: `${addressOf(target)}v1beta/${encodeURI(resourceName(target.modelName))}${method}`,
      headers: headersFor(target),
      body: body === null ? null : JSON.stringify(body),
      signal,
    });
    await assertSuccess(answer, target.key);
    return answer;
  }

  async function embed(call: EmbedCall): Promise<Embeddings> {
    const vectors: Float32Array[] = [];
    for (let from = 0; from < call.texts.length; from += maxTextsPerBatch) {
      const texts = call.texts.slice(from, from + maxTextsPerBatch);
      const answer = await readJson(await ask(call, ':batchEmbedContents', toEmbedBody(texts, call)));
      vectors.push(...fromEmbedAnswer(answer, texts.length));
    }
    return { vectors, usage: usageOf({ estimated: true }) };
  }

  return {
    async *generate(call) {
      const { request, target, onIgnored, onUpstreamId } = call;
      const body = toGenerateBody(request, target.modelName, onIgnored);
      const answer = await ask(call, ':streamGenerateContent?alt=sse', body);
      assertContentType(answer, 'event stream');
      const reader = new GeminiAnswer({
        customTools: customToolNames(request.tools),
        createdAt: Date.now(),
        key: target.key,
        newCallId: () => `call_${randomUUID().replaceAll('-', '')}`,
      });
      for await (const part of readAnswer(chunks(answer.body), reader)) {
        if (part.type === 'start' && part.id !== '') onUpstreamId?.(part.id);
        yield part;
      }
    },

    embed,

    async discover(call) {
      const model = await readJson(await ask(call, ''));
      const limit = isRecord(model) ? model['inputTokenLimit'] : null;
      const maxContextLength = typeof limit === 'number' ? limit : null;
      if (call.type !== 'text-embeddings-inference') return { maxContextLength, vectorSize: null };
      const { vectors } = await embed({ ...call, texts: ['a'], dimensions: null });
      return { maxContextLength, vectorSize: vectors[0]?.length ?? null };
    },

    async close() {},
  };
}

async function* chunks(body: AsyncIterable<Uint8Array>): AsyncGenerator<WireChunk> {
  for await (const { data } of readSse(body)) yield parseJson(data) as WireChunk;
}

function headersFor({ key }: Target): Record<string, string> {
  return { 'content-type': 'application/json', ...(key !== null && { 'x-goog-api-key': key }) };
}
