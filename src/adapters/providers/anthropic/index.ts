import type { Http, HttpRequest } from '../../http/client.ts';
import { assertContentType } from '../../http/content-type.ts';
import { parseJson, readJson } from '../../http/read-json.ts';
import { readSse } from '../../http/read-sse.ts';
import { assertSuccess } from '../../http/upstream-failure.ts';
import { addressOf } from '../address.ts';
import { isRecord } from '../records.ts';
import { customToolNames } from '../translation/custom-tools.ts';
import { readAnswer } from '../translation/read-answer.ts';
import type { Target, Vendor, VendorCall } from '../vendor.ts';
import { AnthropicAnswer } from './answer.ts';
import { assertJson } from './json-mode.ts';
import { toMessagesBody } from './request.ts';
import type { WireEvent } from './wire.ts';

/** The one under which every model takes what it took when it was made. */
const apiVersion = '2023-06-01';

/** Anthropic's Messages API, and whoever else speaks it. */
export function createAnthropicVendor({ http }: { http: Http }): Vendor {
  async function ask(call: VendorCall, request: Pick<HttpRequest, 'method' | 'body'>, path: string) {
    const { target, signal, onUpstreamId } = call;
    const url = `${addressOf(target)}${path}`;
    const answer = await http.request({ ...request, url, headers: headersFor(target), signal });
    const id = answer.headers['request-id'];
    if (typeof id === 'string') onUpstreamId?.(id);
    await assertSuccess(answer, target.key);
    return answer;
  }

  return {
    async *generate(call) {
      const { request, target, onIgnored } = call;
      const body = JSON.stringify(toMessagesBody(request, target.modelName, onIgnored));
      const answer = await ask(call, { method: 'POST', body }, 'v1/messages');
      assertContentType(answer, 'event stream');
      const customTools = customToolNames(request.tools);
      const reader = new AnthropicAnswer({ customTools, createdAt: Date.now(), key: target.key });
      const parts = readAnswer(events(answer.body), reader);
      yield* request.format?.type === 'json_object' ? assertJson(parts) : parts;
    },

    async discover(call) {
      const path = `v1/models/${encodeURIComponent(call.target.modelName)}`;
      const model = await readJson(await ask(call, { method: 'GET', body: null }, path));
      const maxTokens = isRecord(model) ? model['max_input_tokens'] : null;
      return { maxContextLength: typeof maxTokens === 'number' ? maxTokens : null, vectorSize: null };
    },

    async close() {},
  };
}

async function* events(body: AsyncIterable<Uint8Array>): AsyncGenerator<WireEvent> {
  for await (const { data } of readSse(body)) yield parseJson(data) as WireEvent;
}

function headersFor({ key }: Target): Record<string, string> {
  return {
    'content-type': 'application/json',
    'anthropic-version': apiVersion,
    ...(key !== null && { 'x-api-key': key }),
  };
}
