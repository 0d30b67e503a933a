import { randomUUID } from 'node:crypto';
import { isRecord } from '../../../core/json/is-record.ts';
import { usageOf } from '../../../core/usage.ts';
import type { Http, HttpAnswer } from '../../http/client.ts';
import { assertContentType } from '../../http/content-type.ts';
import { readJson } from '../../http/read-json.ts';
import { addressOf, baseOf } from '../address.ts';
import { ask } from '../ask.ts';
import { customToolNames } from '../translation/custom-tools.ts';
import { vectorSizeOf } from '../vectors.ts';
import type { EmbedCall, Embeddings, Vendor, VendorCall } from '../vendor.ts';
import { readGeneration } from './answer.ts';
import { fromEmbedAnswer, maxTextsPerBatch, toEmbedBody } from './embeddings.ts';
import { fromModelList, resourceName } from './models.ts';
import { toGenerateBody } from './request.ts';

/** Google's Gemini API. */
export function createGeminiVendor({ http }: { http: Http }): Vendor {
  /** `method` is what comes after the model's name; without a body the model is only looked at. */
  function askModel(call: VendorCall, method: string, body: object | null): Promise<HttpAnswer> {
    return askPath(call, `${encodeURI(resourceName(call.target.modelName))}${method}`, body);
  }

  function askPath(call: VendorCall, path: string, body: object | null): Promise<HttpAnswer> {
    const { key } = call.target;
    const url = `${baseOf(addressOf('gemini', call.target))}v1beta/${path}`;
    return ask(http, call, { url, headers: key === null ? {} : { 'x-goog-api-key': key }, body });
  }

  async function embed(call: EmbedCall): Promise<Embeddings> {
    const vectors: Float32Array[] = [];
    for (let from = 0; from < call.texts.length; from += maxTextsPerBatch) {
      const batch = { ...call, texts: call.texts.slice(from, from + maxTextsPerBatch) };
      const answer = await readJson(await askModel(call, ':batchEmbedContents', toEmbedBody(batch)));
      vectors.push(...fromEmbedAnswer(answer, batch));
    }
    return { vectors, usage: usageOf({ estimated: true }) };
  }

  return {
    generate(call) {
      const { request, target, onIgnored, onUpstreamId } = call;
      async function open(): Promise<HttpAnswer> {
        const body = toGenerateBody(request, target.modelName, onIgnored);
        const answer = await askModel(call, ':streamGenerateContent?alt=sse', body);
        assertContentType(answer, 'event stream');
        return answer;
      }
      return readGeneration(open, {
        customTools: customToolNames(request.tools),
        createdAt: Date.now(),
        key: target.key,
        newCallId: () => `call_${randomUUID().replaceAll('-', '')}`,
        ...(onUpstreamId && { onId: onUpstreamId }),
      });
    },

    embed,

    async list(call) {
      return fromModelList(await readJson(await askPath(call, 'models?pageSize=1000', null)));
    },

    async discover(call) {
      const model = await readJson(await askModel(call, '', null));
      const limit = isRecord(model) ? model['inputTokenLimit'] : null;
      return {
        maxContextLength: typeof limit === 'number' ? limit : null,
        vectorSize: call.type === 'text-embeddings-inference' ? await vectorSizeOf(call, embed) : null,
      };
    },

    async close() {},
  };
}
