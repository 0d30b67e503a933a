import { randomUUID } from 'node:crypto';
import type { Http, HttpAnswer } from '../../http/client.ts';
import { assertContentType } from '../../http/content-type.ts';
import { readJson } from '../../http/read-json.ts';
import { readNdjson } from '../../http/read-ndjson.ts';
import { assertSuccess } from '../../http/upstream-failure.ts';
import { addressOf } from '../address.ts';
import { customToolNames } from '../translation/custom-tools.ts';
import { readAnswer } from '../translation/read-answer.ts';
import type { Target, Vendor, VendorCall } from '../vendor.ts';
import { OllamaAnswer } from './answer.ts';
import { fromEmbedAnswer, fromShowAnswer } from './models.ts';
import { toChatBody } from './request.ts';
import type { WireLine } from './wire.ts';

/** Ollama's own API, which does more than the one it has for clients of OpenAI. */
export function createOllamaVendor({ http }: { http: Http }): Vendor {
  async function ask({ target, signal }: VendorCall, path: string, body: unknown): Promise<HttpAnswer> {
    const answer = await http.request({
      method: 'POST',
      url: `${addressOf(target)}api/${path}`,
      headers: headersFor(target),
      body: JSON.stringify(body),
      signal,
    });
    await assertSuccess(answer, target.key);
    return answer;
  }

  return {
    async *generate(call) {
      const { request, target, onIgnored } = call;
      const answer = await ask(call, 'chat', toChatBody(request, target.modelName, onIgnored));
      assertContentType(answer, 'ndjson');
      const reader = new OllamaAnswer({
        customTools: customToolNames(request.tools),
        createdAt: Date.now(),
        newId: () => `call_${randomUUID().replaceAll('-', '')}`,
      });
      yield* readAnswer(readNdjson(answer.body) as AsyncIterable<WireLine>, reader);
    },

    async embed(call) {
      const { texts, target, dimensions } = call;
      // A text that is too long is refused, not cut.
      const body = {
        model: target.modelName,
        input: texts,
        truncate: false,
        ...(dimensions !== null && { dimensions }),
      };
      return fromEmbedAnswer(await readJson(await ask(call, 'embed', body)), texts.length);
    },

    async discover(call) {
      return fromShowAnswer(await readJson(await ask(call, 'show', { model: call.target.modelName })), call.type);
    },

    async close() {},
  };
}

function headersFor({ key }: Target): Record<string, string> {
  return { 'content-type': 'application/json', ...(key !== null && { authorization: `Bearer ${key}` }) };
}
