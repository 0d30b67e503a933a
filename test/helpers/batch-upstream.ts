/** A vendor that answers at once, and counts how often it was asked for each thing. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface BatchUpstream {
  /** Without `/v1`. */
  url: string;
  /** How often each text was asked for: the last message of a chat, or a text to be embedded. */
  asked: ReadonlyMap<string, number>;
  calls(): number;
  close(): Promise<void>;
}

export interface BatchUpstreamOptions {
  dimensions?: number;
  /** How long an answer takes. */
  delayMs?: number;
}

interface Body {
  messages?: { content: string }[];
  input?: string | string[];
}

export async function startBatchUpstream(options: BatchUpstreamOptions = {}): Promise<BatchUpstream> {
  const { dimensions = 8, delayMs = 0 } = options;
  const asked = new Map<string, number>();
  let calls = 0;
  const vector = Array.from({ length: dimensions }, () => 1 / Math.sqrt(dimensions));
  const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };

  function answerTo({ messages, input }: Body): object {
    const texts = messages ? [messages.at(-1)?.content ?? ''] : [input ?? []].flat();
    calls += 1;
    for (const text of texts) asked.set(text, (asked.get(text) ?? 0) + 1);
    if (!messages) {
      const data = texts.map((_text, index) => ({ object: 'embedding', index, embedding: vector }));
      return { object: 'list', model: 'batch-test', data, usage };
    }
    const message = { role: 'assistant', content: `answer to ${texts[0]}`, refusal: null };
    const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }];
    return { id: 'chatcmpl-1', object: 'chat.completion', created: 1_700_000_000, model: 'batch-test', choices, usage };
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void read(request).then((text) => {
      const answer = text === '' ? { object: 'list', data: [] } : answerTo(JSON.parse(text) as Body);
      const send = () => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      if (delayMs === 0) send();
      else setTimeout(send, delayMs);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    calls: () => calls,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}
