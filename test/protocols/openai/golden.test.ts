/**
 * Each folder of `test/golden/openai` is a case; a new one needs no code.
 *
 * - `request.json`: `operation` (chat completions unless given), `body`
 * - `call.json`: what the verb must be asked, as far as it is written there; `relayed` is whether bytes may be passed on
 * - `parts.json`: what the verb answers; a last one of type `error` is thrown
 * - `answer.json`: the answer to the request without a stream
 * - `stream.txt`: the answer to the request with one
 * - `error.json`: `status` and `error` of a refusal
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { ChatPart } from '../../../src/core/chat/parts.ts';
import type { ChatCall } from '../../../src/core/chat.ts';
import { type Endpoint, operationName } from '../../../src/core/endpoint.ts';
import { type ErrorCode, GatewayError } from '../../../src/core/errors.ts';
import { dialects } from '../../../src/protocols/index.ts';
import { asUser, jsonOf, startTestApi } from '../../helpers/api.ts';
import { projectPath } from '../../helpers/project.ts';

interface GoldenRequest {
  operation?: string;
  body: Record<string, unknown>;
}

type GoldenPart = ChatPart | { type: 'error'; code: ErrorCode; message: string };

const defaultOperation = 'POST /v1/chat/completions';
const folder = projectPath('test/golden/openai');
const cases = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'request.json')));

/** The application over a model that says what the case says, and what that model was asked. */
async function startModel(context: TestContext, parts: readonly GoldenPart[]) {
  const asked: ChatCall[] = [];
  const api = await startTestApi(context, {
    dialects,
    verbs: {
      async *chat(call) {
        asked.push(call);
        for (const part of parts) {
          if (part.type === 'error') throw new GatewayError(part.code, part.message);
          yield part;
        }
      },
    },
  });
  return {
    asked,
    async send({ operation = defaultOperation }: GoldenRequest, body: unknown): Promise<Response> {
      const [method = '', path = ''] = operation.split(' ');
      const headers = { ...asUser, 'content-type': 'application/json', 'x-request-id': 'req_golden' };
      return fetch(`${api.url}${path}`, { method, headers, body: JSON.stringify(body) });
    },
  };
}

for (const name of cases) {
  const path = (file: string) => join(folder, name, file);
  const has = (file: string) => existsSync(path(file));
  const read = (file: string) => readFileSync(path(file), 'utf8');
  const json = <T>(file: string) => JSON.parse(read(file)) as T;

  describe(name, () => {
    const request = json<GoldenRequest>('request.json');
    const parts = has('parts.json') ? json<GoldenPart[]>('parts.json') : [];

    test('expects something', () => {
      assert.ok(['answer.json', 'stream.txt', 'error.json'].some(has));
    });

    if (has('error.json')) {
      test('is refused before any model is asked', async (t) => {
        const model = await startModel(t, parts);
        const response = await model.send(request, request.body);
        const { error } = await jsonOf<{ error: unknown }>(response);
        assert.deepEqual({ status: response.status, error }, json('error.json'));
        assert.deepEqual(model.asked, []);
      });
    }

    if (has('answer.json')) {
      test('is answered whole', async (t) => {
        const { stream: _stream, stream_options: _options, ...body } = request.body;
        const model = await startModel(t, parts);
        const response = await model.send(request, body);
        const answer = await response.json();
        assert.deepEqual(answer, json('answer.json'));
        assert.equal(response.status, 200);
        endpointOf(request).response?.parse(answer);
        if (has('call.json')) assertAsked(model.asked, json('call.json'));
      });
    }

    if (has('stream.txt')) {
      test('is answered as a stream', async (t) => {
        const model = await startModel(t, parts);
        const response = await model.send(request, { ...request.body, stream: true });
        assert.equal(await response.text(), read('stream.txt'));
        assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
        if (has('call.json')) assertAsked(model.asked, json('call.json'));
      });
    }
  });
}

function endpointOf({ operation = defaultOperation }: GoldenRequest): Endpoint {
  const endpoint = dialects.flatMap(({ endpoints }) => endpoints).find((each) => operationName(each) === operation);
  assert.ok(endpoint, `there is no ${operation}`);
  return endpoint;
}

interface GoldenCall extends Pick<ChatCall, 'search' | 'keep'> {
  relayed: boolean;
  request: Record<string, unknown>;
}

/** Fields that the case does not name are not what it is about. */
function assertAsked([call, ...others]: readonly ChatCall[], expected: GoldenCall): void {
  assert.ok(call && others.length === 0);
  const { request, wire, ...rest } = call;
  const named = Object.keys(expected.request).map((key) => [key, request[key as keyof typeof request]]);
  assert.deepEqual({ relayed: wire !== null, request: Object.fromEntries(named), ...rest }, expected);
}
