import { z } from 'zod';
import { isRecord } from '../../../core/json/is-record.ts';
import type { Http, HttpAnswer } from '../../http/client.ts';
import { assertContentType } from '../../http/content-type.ts';
import { readJson } from '../../http/read-json.ts';
import { addressOf, baseOf } from '../address.ts';
import { ask, malformedAnswer } from '../ask.ts';
import { customToolNames } from '../translation/custom-tools.ts';
import type { Vendor, VendorCall } from '../vendor.ts';
import { readMessage } from './answer.ts';
import { assertJson } from './json-mode.ts';
import { toMessagesBody } from './request.ts';

/** The one under which every model takes what it took when it was made. */
const apiVersion = '2023-06-01';

const modelList = z.object({ data: z.array(z.object({ id: z.string(), max_input_tokens: z.number().nullish() })) });

/** Anthropic's Messages API, and whoever else speaks it. */
export function createAnthropicVendor({ http }: { http: Http }): Vendor {
  function askPath(call: VendorCall, path: string, body: object | null): Promise<HttpAnswer> {
    const { key } = call.target;
    const url = `${baseOf(addressOf('anthropic', call.target))}v1/${path}`;
    const headers = { 'anthropic-version': apiVersion, ...(key !== null && { 'x-api-key': key }) };
    return ask(http, call, { url, headers, body });
  }

  return {
    generate(call) {
      const { request, target, onIgnored } = call;
      async function open(): Promise<HttpAnswer> {
        const answer = await askPath(call, 'messages', toMessagesBody(request, target.modelName, onIgnored));
        assertContentType(answer, 'event stream');
        return answer;
      }
      const customTools = customToolNames(request.tools);
      const parts = readMessage(open, { customTools, createdAt: Date.now(), key: target.key });
      return request.format?.type === 'json_object' ? assertJson(parts) : parts;
    },

    async list(call) {
      const { data: list, error } = modelList.safeParse(await readJson(await askPath(call, 'models?limit=1000', null)));
      if (error) throw malformedAnswer(error);
      return list.data.map(({ id, max_input_tokens: maxContextLength = null }) => {
        return { name: id, type: 'image-text-to-text', maxContextLength };
      });
    },

    async discover(call) {
      const model = await readJson(await askPath(call, `models/${encodeURIComponent(call.target.modelName)}`, null));
      const maxTokens = isRecord(model) ? model['max_input_tokens'] : null;
      return { maxContextLength: typeof maxTokens === 'number' ? maxTokens : null, vectorSize: null };
    },

    async close() {},
  };
}
