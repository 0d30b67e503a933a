import { randomUUID } from 'node:crypto';
import type { Http, HttpAnswer } from '../../http/client.ts';
import { assertContentType } from '../../http/content-type.ts';
import { readJson } from '../../http/read-json.ts';
import { addressOf, baseOf } from '../address.ts';
import { ask } from '../ask.ts';
import { customToolNames } from '../translation/custom-tools.ts';
import type { Vendor, VendorCall } from '../vendor.ts';
import { readChat } from './answer.ts';
import { fromEmbedAnswer, fromShowAnswer, fromShown, namesIn } from './models.ts';
import { toChatBody } from './request.ts';

/** Ollama's own API, which does more than the one it has for clients of OpenAI. */
export function createOllamaVendor({ http }: { http: Http }): Vendor {
  function askPath(call: VendorCall, path: string, body: object | null): Promise<HttpAnswer> {
    const { key } = call.target;
    const url = `${baseOf(addressOf('ollama', call.target))}api/${path}`;
    return ask(http, call, { url, headers: key === null ? {} : { authorization: `Bearer ${key}` }, body });
  }

  return {
    generate(call) {
      const { request, target, onIgnored } = call;
      async function open(): Promise<HttpAnswer> {
        const answer = await askPath(call, 'chat', toChatBody(request, target.modelName, onIgnored));
        assertContentType(answer, 'ndjson');
        return answer;
      }
      return readChat(open, {
        customTools: customToolNames(request.tools),
        createdAt: Date.now(),
        newId: () => `call_${randomUUID().replaceAll('-', '')}`,
      });
    },

    async embed(call) {
      const { texts, target, dimensions } = call;
      const size = dimensions === null ? {} : { dimensions };
      // A text that is too long is refused, not cut.
      const body = { model: target.modelName, input: texts, truncate: false, ...size };
      return fromEmbedAnswer(await readJson(await askPath(call, 'embed', body)), call);
    },

    async list(call) {
      const names = namesIn(await readJson(await askPath(call, 'tags', null)));
      return Promise.all(
        names.map(async (name) => fromShown(name, await readJson(await askPath(call, 'show', { model: name })))),
      );
    },

    async discover(call) {
      return fromShowAnswer(await readJson(await askPath(call, 'show', { model: call.target.modelName })), call.type);
    },

    async close() {},
  };
}
