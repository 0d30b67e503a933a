/** What three majors of the OpenAI client make of the golden cases: of their streams the same as of their answers. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type OpenAI from 'openai';
import type { ChatPart } from '../../src/core/chat/parts.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { dialects } from '../../src/protocols/index.ts';
import { startTestApi } from '../helpers/api.ts';
import { projectPath } from '../helpers/project.ts';
import { openAiClients } from './clients.ts';

/** The stream helpers of the older majors know calls of functions alone. */
const beyondOlderClients = new Set(['custom-tool']);

interface Answer {
  choices: { index: number; message: Record<string, unknown>; finish_reason: string }[];
  usage?: object;
}

const folder = projectPath('test/golden/openai');
const cases = readdirSync(folder).filter(
  (name) => ['answer.json', 'stream.txt'].every((file) => existsSync(join(folder, name, file))) && isChat(name),
);

function read<T>(name: string, file: string): T {
  return JSON.parse(readFileSync(join(folder, name, file), 'utf8')) as T;
}

function isChat(name: string): boolean {
  return read<{ operation?: string }>(name, 'request.json').operation === undefined;
}

async function startModel(context: TestContext, parts: readonly ChatPart[], failure?: GatewayError): Promise<string> {
  const { url } = await startTestApi(context, {
    dialects,
    verbs: {
      async *chat() {
        yield* parts;
        if (failure) throw failure;
      },
    },
  });
  return `${url}/v1`;
}

/** What every client library knows; it adds fields of its own, and knows none of ours. */
function wordsOf({ choices }: Answer) {
  return choices.map(({ index, message, finish_reason }) => {
    const { role, content, refusal, tool_calls, function_call } = message;
    return {
      index,
      finish_reason,
      message: {
        role,
        content: content || null,
        refusal: refusal || null,
        calls: wordsOfCalls(tool_calls),
        function_call,
      },
    };
  });
}

function wordsOfCalls(calls: unknown) {
  return JSON.parse(JSON.stringify(calls ?? []), (key, value: unknown) =>
    key.startsWith('parsed') ? undefined : value,
  );
}

for (const [version, clientOf] of Object.entries(openAiClients)) {
  describe(version, () => {
    const connect = (baseURL: string) => clientOf({ apiKey: 'good', baseURL });

    for (const name of cases) {
      if (version !== 'openai 7' && beyondOlderClients.has(name)) continue;
      it(`reads the stream of ${name} as the answer it would have had whole`, async (t) => {
        const client = connect(await startModel(t, read(name, 'parts.json')));
        const { body } = read<{ body: OpenAI.ChatCompletionCreateParams }>(name, 'request.json');
        const streamed = await client.chat.completions.stream({ ...body, stream: true }).finalChatCompletion();
        const answer = read<Answer>(name, 'answer.json');
        assert.deepEqual(wordsOf(streamed as unknown as Answer), wordsOf(answer));
      });
    }

    it('throws what broke off in the middle', async (t) => {
      const parts = read<ChatPart[]>('text', 'parts.json').slice(0, 3);
      const failure = new GatewayError('upstream_error', 'The upstream broke off its answer.');
      const client = connect(await startModel(t, parts, failure));
      const stream = await client.chat.completions.create({
        model: 'm',
        messages: [{ role: 'user', content: 'Hello' }],
        stream: true,
      });
      const frames: unknown[] = [];
      await assert.rejects(
        async () => {
          for await (const frame of stream) frames.push(frame);
        },
        { code: 'upstream_error' },
      );
      assert.equal(frames.length, 2);
    });
  });
}
